"""What is past is given back: counterparties idle for a year, and all that an account owns but its row after long silence.

What is past follows from event time alone (``memory.forget_before``), and whoever reads or writes looks at that first, so
no flag hangs on when the space is really given back: at the latest by the next sweep (``sweeping``).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.jit import apart, inner, loop
from detector.features.layout import FREED, HELD, KEEP_DAYS, NEVER
from detector.features.lines import day_at, days_of, free_lines, newest
from detector.features.members import LEAST, free_members, shrink
from detector.features.memory import AGED_TO, FREE_PAIRS, FREE_SCHEDULES, FREE_SIDES, PAIRS_FROM, SILENT_TO
from detector.features.remembering import free_remembered
from detector.features.tables import drop_pair

MOST_AGED: Final = 64
"""More week records, and wide lines for them, than ageing all day lines of an account takes."""


@inner
def newest_ms(m: Any, pair: Any) -> Any:
    """Time of the pair's newest movement, -NEVER where it has none (any more)."""
    return pair.last_ms if pair.other < 0 else max(pair.last_ms, m.sides[pair.other].last_ms)


@inner
def is_past(m: Any, pair: Any) -> Any:
    """Whether a pair with movements is idle for so long that it is as if it had never been."""
    last = newest_ms(m, pair)
    return last < m.counters[PAIRS_FROM] and last > -NEVER


@apart
def free_pair(m: Any, at: Any) -> None:
    """Give a pair back, its second side and its schedule; whoever lists it must drop it."""
    pair, c = m.pairs[at], m.counters
    drop_pair(m.pair_index, m.pairs, at)
    if pair.other >= 0:
        side = m.sides[pair.other]
        if side.schedule >= 0:
            m.schedules[side.schedule].count = c[FREE_SCHEDULES]
            c[FREE_SCHEDULES] = side.schedule
        side.count = c[FREE_SIDES]
        c[FREE_SIDES] = pair.other
    # A free pair is nobody's and has no key that anyone asks for.
    pair.key = 0
    pair.account = -1
    pair.last_ms = -NEVER
    pair.other = c[FREE_PAIRS]
    c[FREE_PAIRS] = at


@apart
def evict(m: Any, row: Any, everyone: Any) -> None:
    """Give back the account's counterparties that are past, or all of them; the others keep their order."""
    a = m.accounts[row]
    kept = np.int64(0)
    for k in range(a.pairs):
        at = np.int64(m.members[a.members_at + k])
        if everyone or is_past(m, m.pairs[at]):
            free_pair(m, at)
        else:
            m.members[a.members_at + kept] = at
            kept += 1
    if kept == 0 and a.pairs > 0:
        free_members(m, a)
    a.pairs = kept
    if a.members_class > 0 and 2 * kept <= LEAST << np.int64(a.members_class):
        shrink(m, a)


@inner
def is_silent(m: Any, a: Any) -> Any:
    """Whether the account has been silent for so long that it owns nothing but its row."""
    return a.lines > 0 and a.dirty & HELD == 0 and day_at(m, newest(a)) <= m.counters[SILENT_TO]


@apart
def fall_silent(m: Any, row: Any) -> None:
    """Give back all that an account owns but its row: days, weeks, counterparties and remembered movements."""
    free_lines(days_of(m), m.accounts[row])
    evict(m, row, True)
    free_remembered(m, m.accounts[row])


@loop
def let_fall_silent(m: Any, rows: Any) -> None:
    """Let those of the accounts ``rows`` (int32) that are silent own nothing but their row."""
    for k in range(len(rows)):
        if is_silent(m, m.accounts[rows[k]]):
            fall_silent(m, rows[k])


@inner
def is_aged(m: Any, a: Any) -> Any:
    """Whether no day line of the account is within a window of a movement still to come."""
    return a.lines > 0 and day_at(m, newest(a)) <= m.counters[AGED_TO]


@inner
def as_of_day(m: Any, a: Any, day: Any) -> Any:
    """The day to look from at an account, its own newest being ``day``: one that all its single days are kept for.

    Who moved long ago, and is judged because something came too late to be booked, has no single days of then.
    """
    return max(day, m.counters[AGED_TO] + KEEP_DAYS - 2) if is_aged(m, a) or a.lines_at == FREED else day
