"""Working days of China, weekends shifted and holidays known, with Monday to Friday where the calendar ends."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import chinese_calendar
import numpy as np

from contract.errors import ConfigurationError
from contract.shanghai import date_of, day_number

FIRST_DAY: Final = day_number(date(2000, 1, 1))
LAST_DAY: Final = day_number(date(2045, 1, 1))
SHORT: Final = 10
"""短期: within ten working days, the tenth included (Order 2006/2 art. 20)."""
DUE: Final = 5
"""Large-value reports are due five working days after the day (Order 2016/3 art. 8)."""


def read_overrides(path: Path) -> dict[int, bool]:
    """Day number to "is a working day", from a TOML file with lists ``working`` and ``holidays`` of dates."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        lists = {True: content.get("working", []), False: content.get("holidays", [])}
        return {day_number(day): works for works, days in lists.items() for day in days}
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ConfigurationError(f"calendar {path.name} must hold lists of dates 'working' and 'holidays'") from error


class WorkingDays:
    """Arithmetic over working days between 2000 and 2045.

    The calendar package knows 2004 to 2026; outside, Monday to Friday stands in and ``fallbacks`` counts the years.

    >>> days = WorkingDays()
    >>> date_of(days.after(day_number(date(2025, 9, 30)), 5)).isoformat()
    '2025-10-14'
    """

    def __init__(self, overrides: Mapping[int, bool] | None = None) -> None:
        works = np.array([(day + 3) % 7 < 5 for day in range(FIRST_DAY, LAST_DAY)])
        for day in range(LAST_DAY - FIRST_DAY):
            known = _known(FIRST_DAY + day)
            if known is not None:
                works[day] = known
        for day, is_working in (overrides or {}).items():
            works[day - FIRST_DAY] = is_working
        self._works = works
        self._rank = np.cumsum(works)
        self._days = np.flatnonzero(works) + FIRST_DAY

    def works(self, day: int) -> bool:
        """Whether a day is a working day."""
        return bool(self._works[day - FIRST_DAY])

    def after(self, day: int, count: int) -> int:
        """The ``count``-th working day after ``day``."""
        return int(self._days[self._rank[day - FIRST_DAY] + count - 1])

    def window_starts(self, count: int = SHORT) -> Any:
        """For every day from ``FIRST_DAY`` on, the first day (int32) of the window of ``count`` working days it ends.

        The day itself counts if it is one.
        """
        place = np.maximum(self._rank - count, 0)
        return self._days[np.minimum(place, len(self._days) - 1)].astype(np.int32)

    @staticmethod
    def is_known(day: int) -> bool:
        """Whether the calendar itself, not the Monday-to-Friday stand-in, speaks of that day."""
        return _known(day) is not None


@functools.cache
def _known(day: int) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(date_of(day)))
    except NotImplementedError:
        return None


@functools.cache
def calendar() -> WorkingDays:
    """The calendar without overrides; made once, in about 30 ms."""
    return WorkingDays()
