"""Working days of China, weekends shifted and holidays known, with Monday to Friday where the calendar ends."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import chinese_calendar
import numpy as np

from contract.errors import ConfigurationError
from contract.shanghai import date_of, day_number

FIRST_DAY: Final = day_number(date(1990, 1, 1))
LAST_DAY: Final = day_number(date(2100, 1, 1))
"""What is tabled, the last day not included; beyond it is Monday to Friday as well."""
_END_OF_DATES: Final = day_number(date.max)
SHORT: Final = 10
"""短期: within ten working days, the tenth included (Order 2006/2 art. 20)."""
DUE: Final = 5
"""Large-value reports are due five working days after the day (Order 2016/3 art. 8)."""


def read_overrides(path: Path) -> dict[int, bool]:
    """Day number to "is a working day", from a TOML file with lists ``working`` and ``holidays`` of dates.

    For years that the calendar package does not know yet, or where a region's days differ. Raises
    ``ConfigurationError`` for anything but such lists, a date between 1990 and 2099 in one of them.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"calendar {path.name} cannot be read as TOML") from error
    if unknown := set(content) - {"working", "holidays"}:
        raise ConfigurationError(f"calendar {path.name} has no list '{min(unknown)}', only 'working' and 'holidays'")
    found: dict[int, bool] = {}
    for name, days in content.items():
        if not isinstance(days, list) or not all(isinstance(d, date) and not isinstance(d, datetime) for d in days):
            raise ConfigurationError(f"calendar {path.name}: '{name}' must be a list of dates such as 2027-01-01")
        for day in days:
            number = day_number(day)
            if not FIRST_DAY <= number < LAST_DAY or number in found:
                raise ConfigurationError(f"calendar {path.name}: {day} is named twice or lies outside 1990 to 2099")
            found[number] = name == "working"
    return found


class WorkingDays:
    """Arithmetic over working days, by day numbers (days since 1970-01-01, Shanghai).

    The calendar package knows 2004 to 2026 (1.11.0). Outside, Monday to Friday stands in, which misses holidays:
    ``after`` then warns once and counts in ``fallbacks``, for the metric ``calendar_fallback_total``.

    >>> days = WorkingDays()
    >>> date_of(days.after(day_number(date(2025, 9, 30)), 5)).isoformat()
    '2025-10-14'
    """

    def __init__(self, overrides: Mapping[int, bool] | None = None) -> None:
        works = np.arange(FIRST_DAY + 3, LAST_DAY + 3) % 7 < 5
        for days, working in ((chinese_calendar.holidays, False), (chinese_calendar.workdays, True)):
            works[[day_number(day) - FIRST_DAY for day in days]] = working
        for day, working in (overrides or {}).items():
            works[day - FIRST_DAY] = working
        self._works = works
        self._rank = np.cumsum(works)
        self._days = np.flatnonzero(works) + FIRST_DAY
        self._known_to = max(_known_to(), max(overrides or {}, default=0))
        self.fallbacks = 0

    def works(self, day: int) -> bool:
        """Whether a day is a working day."""
        if FIRST_DAY <= day < LAST_DAY:
            return bool(self._works[day - FIRST_DAY])
        return (day + 3) % 7 < 5

    def after(self, day: int, count: int) -> int:
        """The ``count``-th working day after ``day``; count ≥ 1."""
        at = -1
        if FIRST_DAY <= day < LAST_DAY:
            at = int(self._rank[day - FIRST_DAY]) + count - 1
        found = int(self._days[at]) if 0 <= at < len(self._days) else _weekdays_after(day, count)
        if not self.is_known(day) or not self.is_known(found):
            self._note_fallback()
        return found

    def window_start(self, day: int, count: int = SHORT) -> int:
        """First day of the window of ``count`` working days that ends with ``day``, which counts if it is one."""
        place = min(max(day - FIRST_DAY, 0), LAST_DAY - FIRST_DAY - 1)
        return int(self.window_starts(count)[place])

    @functools.lru_cache(maxsize=4)  # noqa: B019 - calendars live as long as the process
    def window_starts(self, count: int = SHORT) -> Any:
        """``window_start`` of every day from ``FIRST_DAY`` on (int32), for kernels."""
        return self._days[np.maximum(self._rank - count, 0)].astype(np.int32)

    def is_known(self, day: int) -> bool:
        """Whether the calendar or an override, not the Monday-to-Friday stand-in, speaks of that day's year."""
        return _known_from() <= day <= self._known_to

    def _note_fallback(self) -> None:
        if not self.fallbacks:
            # Every command reads the calendar and hardly any has this to say: what says it takes a tenth of a second to load.
            import structlog

            structlog.get_logger().warning("calendar_fallback", known_to=date_of(self._known_to).isoformat())
        self.fallbacks += 1


def _weekdays_after(day: int, count: int) -> int:
    while count and day < _END_OF_DATES:
        day += 1
        count -= (day + 3) % 7 < 5
    return day


@functools.cache
def _known_from() -> int:
    return day_number(date(min(chinese_calendar.holidays).year, 1, 1))


@functools.cache
def _known_to() -> int:
    return day_number(date(max(chinese_calendar.holidays).year, 12, 31))


@functools.cache
def calendar() -> WorkingDays:
    """The calendar without overrides, made once."""
    return WorkingDays()
