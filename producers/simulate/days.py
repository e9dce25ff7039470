"""Which days of the simulated time people shop, work and give: weekdays, weekends, holidays, sales and the Spring Festival."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from contract.shanghai import date_of, day_number

NEW_YEAR: Final = (date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26))
"""First days of the lunar year; the working population rests from its eve for about a week (State Council notices)."""

HOLIDAYS: Final = ((1, 1, 1), (4, 4, 6), (5, 1, 5), (10, 1, 7))
"""Month, first and last day of holidays that hardly move: New Year, Qingming, Labour Day, National Day."""

SALES: Final = ((6, 16, 18), (11, 9, 11), (12, 11, 12))
"""Online sales that everybody waits for."""

SHOPPING: Final = np.array([1.0, 0.95, 0.95, 1.0, 1.15, 1.4, 1.3])
WORK: Final = np.array([1.1, 1.0, 1.0, 1.0, 1.05, 0.12, 0.06])
HOME: Final = np.array([1.0, 0.95, 0.95, 0.95, 1.05, 1.15, 1.1])
"""Weight of Monday to Sunday."""


THURSDAY: Final = 3
SATURDAY: Final = 5
"""Day 0, 1970-01-01, was a Thursday."""


def is_weekend(day: int) -> bool:
    """Whether a day number is a Saturday or Sunday (adjusted working days are not known here).

    >>> is_weekend(day_number(date(2026, 1, 5))), is_weekend(day_number(date(2026, 1, 4)))
    (False, True)
    """
    return (day + THURSDAY) % 7 >= SATURDAY


class Days:
    """Days from the first simulated one, drawn by what is done on them."""

    def __init__(self, start: date, days: int) -> None:
        self.count = days
        first = day_number(start)
        weekday = (first + np.arange(days) + THURSDAY) % 7
        festival = self._festival(first)
        holiday, sale = self._dates(first, HOLIDAYS), self._dates(first, SALES)
        rests = np.where((festival > 0) | holiday, 0.04, 1.0)
        self._weights = {
            "shopping": SHOPPING[weekday] * np.where(festival == 0, 1.0, np.where(festival < 0, 1.6, 0.7)) * (1 + 0.9 * sale),
            "work": WORK[weekday] * rests,
            "home": (1 + 0.4 * holiday) * HOME[weekday] * np.where(festival == 0, 1.0, np.where(festival < 0, 1.5, 1.8)),
        }

    def _festival(self, first: int) -> Any:
        """−1 in the week before the Spring Festival, 1 within it, else 0."""
        result = np.zeros(self.count, np.int64)
        for year in NEW_YEAR:
            offset = day_number(year) - first
            result[max(0, offset - 9) : max(0, offset - 1)] = -1
            result[max(0, offset - 1) : max(0, offset + 6)] = 1
        return result

    def _dates(self, first: int, spans: tuple[tuple[int, int, int], ...]) -> Any:
        """Mask of the days within spans of (month, first day, last day)."""
        dates = [date_of(first + day) for day in range(self.count)]
        return np.array([any(d.month == month and a <= d.day <= b for month, a, b in spans) for d in dates])

    def draw(self, rng: np.random.Generator, count: int, doing: str) -> Any:
        """``count`` days for ``shopping``, ``work`` or ``home``."""
        weights = self._weights[doing]
        return rng.choice(self.count, count, p=weights / weights.sum())

    def share(self, doing: str) -> Any:
        """How much of it is done on each day, 1 on an average one."""
        return self._weights[doing] / self._weights[doing].mean()

    def monthly(self, rng: np.random.Generator, around: int) -> Any:
        """Days on which something monthly around that day of the month falls."""
        return np.arange(max(0, around + int(rng.integers(-2, 3))), self.count, 30)


def season(start: date, days: int, month: int, day: int) -> int | None:
    """First simulated day with that date, if any.

    >>> season(date(2026, 1, 5), 90, 2, 25), season(date(2026, 1, 5), 90, 9, 1)
    (51, None)
    """
    first = day_number(start)
    for offset in range(days):
        one = date_of(first + offset)
        if (one.month, one.day) == (month, day):
            return offset
    return None
