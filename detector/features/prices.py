"""A price that nobody listed: the largest sum of which most of what persons newly pay are multiples (regulation §2.1 F04)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.frequent import most_frequent
from detector.features.jit import inner, loop
from detector.features.layout import MARKS_MINOR, UNITS_MINOR

LEAST_KNOWN: Final = 15
MOST_USUAL: Final = 8
"""The most frequent sums among which a price is looked for: who sells by the piece sells one, two, three or five."""
LEAST_FIT: Final = 0.8
_LISTED: Final = np.array([unit for unit in UNITS_MINOR if unit >= 50_000], np.int64)
"""Units that day lines count exactly: a multiple of one is judged there."""


@inner
def _greatest_common(a: Any, b: Any) -> Any:
    while b > 0:
        a, b = b, a % b
    return a


@inner
def _is_listed(unit: Any) -> Any:
    listed = False
    for one in _LISTED:
        listed |= unit % one == 0
    return listed


@inner
def _multiples(values: Any, unit: Any) -> Any:
    """How many of the values are multiples of the unit; it gives up, with fewer, once these cannot be most of them."""
    most_odd, odd = len(values) - LEAST_FIT * len(values), 0
    for value in values:
        odd += value % unit != 0
        if odd > most_odd:
            break
    return len(values) - odd


@loop
def find_price(r: Any, sums: Any) -> None:
    """The largest unit of 1,000 yuan and more, beyond the listed ones, of which four fifths of the sums are multiples.

    It is the greatest common divisor of two of the most frequent sums, as the pieces that are sold oftenest have no other;
    checked on all of them to the fen.
    """
    r.price_known = len(sums)
    if len(sums) < LEAST_KNOWN:
        return
    values, usual = np.sort(sums), np.zeros(MOST_USUAL, np.int64)
    found = most_frequent(values, usual, 1)
    for one in range(found):
        for other in range(one + 1):
            unit = _greatest_common(usual[one], usual[other])
            if unit < MARKS_MINOR[0] or unit <= r.price or _is_listed(unit):
                continue
            fits = _multiples(values, unit)
            if fits >= LEAST_FIT * len(values):
                r.price = unit
                r.price_fits = fits
