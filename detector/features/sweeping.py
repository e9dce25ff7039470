"""The sweep: what is past is given back account by account, from a cursor that goes over all of them in 28 days.

A part of the accounts is swept whenever the shard's day turns (``swept``), and what a turn may not take is swept among the
movements after it (``sweep_some``). Both are counted over the stream, so the memory is the same whatever batches.
"""

from __future__ import annotations

from typing import Any, Final

from detector.features.forgetting import MOST_AGED, evict, fall_silent, is_aged, is_silent
from detector.features.growth import with_room
from detector.features.jit import inner, loop
from detector.features.layout import KEEP_DAYS
from detector.features.lines import age, days_of
from detector.features.memory import ACCOUNTS, AGED_TO, LEFT, PAIRS_FROM, SWEPT, WEEK_BLOCKS, WIDES, Memory

SWEEP_DAYS: Final = 28
"""Days in which a sweep goes over all accounts."""
AT_TURN: Final = 20_000
SWEEP_EVERY: Final = 256
AT_ONCE: Final = 16
"""Accounts swept at most as the day turns, and among the movements of a day: so many after so many movements. The turn of a
shard of ten million accounts would else take seconds."""


@inner
def _forget(m: Any, row: Any) -> None:
    a = m.accounts[row]
    if is_silent(m, a):
        fall_silent(m, row)
        return
    if is_aged(m, a):
        age(days_of(m), a, m.counters[AGED_TO] + KEEP_DAYS)
    if a.pairs > 0 and a.first_ms < m.counters[PAIRS_FROM]:
        evict(m, row, False)


@inner
def sweep_some(m: Any, most: Any) -> None:
    """Give back what is past of the next accounts, ``most`` of those that are owed, while there is room to age for."""
    c = m.counters
    for _ in range(min(most, c[LEFT])):
        if c[WEEK_BLOCKS] + MOST_AGED > len(m.weeks) or c[WIDES] + MOST_AGED > len(m.wides):
            return
        if c[SWEPT] >= c[ACCOUNTS]:
            c[SWEPT] = 0
        _forget(m, c[SWEPT])
        c[SWEPT] += 1
        c[LEFT] -= 1


@loop
def sweep(m: Any, most: Any) -> None:
    """The same, called as the shard's day turns."""
    sweep_some(m, most)


def swept(m: Memory) -> Memory:
    """The same memory after the next part of its accounts was swept, or as much of it as a turn of the day may take."""
    c, accounts = m.counters, int(m.counters[ACCOUNTS])
    c[LEFT] = min(int(c[LEFT]) - (-accounts // SWEEP_DAYS), accounts)
    later = max(int(c[LEFT]) - AT_TURN, 0)
    while c[LEFT] > later:
        sweep(m, int(c[LEFT]) - later)
        m = with_room(m)
    return m
