"""What a day line holds: counts of four bits and sums of 32, or a wide line of its own where a day had more."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.days import DAY_MS, SHANGHAI_MS
from detector.features.jit import apart, inner
from detector.features.layout import CASH_OUT, COUNTS, MOST_COUNT, NO_BALANCE
from detector.features.memory import FREE_WIDE, WIDES

_MOST_SUM = 2**32 - 1
_MOST_HIGH = 2**15
_LOW = 2**32 - 1


@inner
def count(m: Any, at: Any, which: Any) -> Any:
    """A count of line ``at``, by its place in the layout."""
    line = m.lines[at]
    if line.wide:
        return np.int64(m.wides[line.money[0]].counts[which])
    return np.int64(line.counts[which >> 1] >> (4 * (which & 1)) & 15)


@inner
def money(m: Any, at: Any, which: Any) -> Any:
    """A sum of line ``at`` in minor units, by its place in the layout."""
    line = m.lines[at]
    if line.wide:
        return m.wides[line.money[0]].money[which]
    return np.int64(line.money[which])


@inner
def has_either(m: Any, at: Any, which: Any) -> Any:
    """Whether one of the two counts ``which`` (even) and ``which + 1`` is not 0: they stand in one byte."""
    line = m.lines[at]
    if line.wide:
        counts = m.wides[line.money[0]].counts
        return counts[which] != 0 or counts[which + 1] != 0
    return line.counts[which >> 1] != 0


@inner
def balance(m: Any, at: Any) -> Any:
    """The day's newest balance in minor units, or ``NO_BALANCE``."""
    line = m.lines[at]
    if line.wide:
        wide = m.wides[line.money[0]]
        return wide.balance if wide.balance_at != 0 else NO_BALANCE
    return (np.int64(line.balance_high) << 32) + np.int64(line.balance_low) if line.balance_at != 0 else NO_BALANCE


@apart
def _widen(lines: Any, wides: Any, counters: Any, at: Any) -> None:
    """Give a narrow line a wide one; the caller makes sure of room."""
    place = counters[FREE_WIDE]
    if place >= 0:
        counters[FREE_WIDE] = wides[place].money[0]
    else:
        place = counters[WIDES]
        counters[WIDES] = place + 1
    line, wide = lines[at], wides[place]
    for which in range(COUNTS):
        wide.counts[which] = line.counts[which >> 1] >> (4 * (which & 1)) & 15
    for which in range(CASH_OUT + 1):
        wide.money[which] = line.money[which]
    wide.balance = (np.int64(line.balance_high) << 32) + np.int64(line.balance_low)
    wide.balance_at = line.balance_at
    line.money[0] = place
    line.wide = 1


@inner
def forget_wide(m: Any, at: Any) -> None:
    """Free the wide line that a line owns, if any."""
    line = m.lines[at]
    if line.wide:
        m.wides[line.money[0]].money[0] = m.counters[FREE_WIDE]
        m.counters[FREE_WIDE] = line.money[0]
        line.wide = 0


@inner
def add_count(m: Any, at: Any, which: Any, by: Any) -> None:
    """Add 1 or take 1 back."""
    line = m.lines[at]
    if line.wide == 0:
        shift = 4 * (which & 1)
        value = (np.int64(line.counts[which >> 1]) >> shift & 15) + by
        if 0 <= value <= MOST_COUNT:
            line.counts[which >> 1] = np.int64(line.counts[which >> 1]) + by * (1 << shift)
            return
        _widen(m.lines, m.wides, m.counters, at)
    m.wides[line.money[0]].counts[which] += by


@inner
def add_money(m: Any, at: Any, which: Any, by: Any) -> None:
    """Add minor units, which may be negative."""
    line = m.lines[at]
    if line.wide == 0:
        value = np.int64(line.money[which]) + by
        if 0 <= value <= _MOST_SUM:
            line.money[which] = value
            return
        _widen(m.lines, m.wides, m.counters, at)
    m.wides[line.money[0]].money[which] += by


@inner
def note_balance(m: Any, at: Any, value: Any, ms: Any) -> None:
    """Take a balance where it is not older than the day's newest."""
    moment = (ms + SHANGHAI_MS) % DAY_MS + 1
    line = m.lines[at]
    if line.wide == 0:
        high = value >> 32
        if moment < line.balance_at:
            return
        if -_MOST_HIGH <= high < _MOST_HIGH:
            line.balance_low = value & _LOW
            line.balance_high = high
            line.balance_at = moment
            return
        _widen(m.lines, m.wides, m.counters, at)
    wide = m.wides[line.money[0]]
    if moment >= wide.balance_at:
        wide.balance = value
        wide.balance_at = moment
