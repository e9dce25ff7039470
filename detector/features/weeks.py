"""Week lines: what an account's days beyond 92 come to, by weeks from Monday to Sunday: credits, debits and their sums.

Two stand in a record of 28 bytes, linked from the newest to the oldest; the chain hangs on the oldest block of day lines,
so that it needs no place in the account's row. A day is in its line or in its week, never in both.

Weeks have numbers of fifteen bits: days before 5 January 1970 and from the year 2598 on are in no week, and once their line
is gone only the account's cumulative figures know of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import apart, inner
from detector.features.layout import CREDITED, CREDITS, DEBITED, DEBITS, WEEK_IS_WIDE, WEEKS_BEFORE
from detector.features.line_values import count, money
from detector.features.memory import FREE_WEEKS, FREE_WIDE, WEEK_BLOCKS, WIDES

NONE = -1
"""Behind the oldest day lines where an account has no weeks; else there stands ``hung`` of its newest two."""
_MOST_SUM = 2**32 - 1
_MOST_COUNT = 255


@inner
def week_of(day: Any) -> Any:
    """Number of the week of a day; the first day of 1970 was a Thursday."""
    return (day + 3) // 7


@inner
def is_kept(week: Any) -> Any:
    """Whether a week of this number may have a line: 0 is none, and the highest bit says something else."""
    return 0 < week < WEEK_IS_WIDE


@inner
def monday_of(week: Any) -> Any:
    """First day of a week."""
    return 7 * week - 3


@inner
def hung(at: Any) -> Any:
    """How the end of a chain of day lines says that weeks hang on it, and back; ``NONE`` stays."""
    return -2 - at if at != NONE else np.int64(NONE)


@inner
def number_of(pair: Any, k: Any) -> Any:
    """Week of line ``k`` of two, 0 where there is none."""
    return np.int64(pair.week[k]) & (WEEK_IS_WIDE - 1)


@inner
def is_wide(pair: Any, k: Any) -> Any:
    """Whether a wide line stands for line ``k`` of two."""
    return pair.week[k] & WEEK_IS_WIDE != 0


@inner
def week_money(m: Any, pair: Any, k: Any, which: Any) -> Any:
    """Sum in minor units of line ``k`` of two; ``which`` is CREDITED or DEBITED."""
    return m.wides[pair.money[k, 0]].money[which] if is_wide(pair, k) else np.int64(pair.money[k, which])


@inner
def _take_block(m: Any, before: Any) -> Any:
    at = m.counters[FREE_WEEKS]
    if at >= 0:
        m.counters[FREE_WEEKS] = m.weeks[at].before
    else:
        at = m.counters[WEEK_BLOCKS]
        m.counters[WEEK_BLOCKS] = at + 1
    pair = m.weeks[at]
    pair.before = before
    pair.week[0] = 0
    pair.week[1] = 0
    return at


@inner
def _take_wide(m: Any) -> Any:
    place = m.counters[FREE_WIDE]
    if place >= 0:
        m.counters[FREE_WIDE] = m.wides[place].money[0]
    else:
        place = m.counters[WIDES]
        m.counters[WIDES] = place + 1
    return place


@inner
def _widen(m: Any, pair: Any, k: Any) -> None:
    wide_at = _take_wide(m)
    wide = m.wides[wide_at]
    for which in range(len(wide.counts)):
        wide.counts[which] = 0
    for which in range(len(wide.money)):
        wide.money[which] = 0
    wide.counts[CREDITS] = pair.counts[k, 0]
    wide.counts[DEBITS] = pair.counts[k, 1]
    wide.money[CREDITED] = pair.money[k, 0]
    wide.money[DEBITED] = pair.money[k, 1]
    wide.balance_at = 0
    pair.money[k, 0] = wide_at
    pair.week[k] |= WEEK_IS_WIDE


@inner
def _add(m: Any, pair: Any, k: Any, credits: Any, debits: Any, credited: Any, debited: Any) -> None:
    if not is_wide(pair, k):
        credits, debits = credits + pair.counts[k, 0], debits + pair.counts[k, 1]
        credited, debited = credited + pair.money[k, 0], debited + pair.money[k, 1]
        if max(credits, debits) <= _MOST_COUNT and 0 <= credited <= _MOST_SUM and 0 <= debited <= _MOST_SUM:
            pair.counts[k, 0] = credits
            pair.counts[k, 1] = debits
            pair.money[k, 0] = credited
            pair.money[k, 1] = debited
            return
        _widen(m, pair, k)
        credits, debits = credits - pair.counts[k, 0], debits - pair.counts[k, 1]
        wide = m.wides[pair.money[k, 0]]
        credited, debited = credited - wide.money[CREDITED], debited - wide.money[DEBITED]
    wide = m.wides[pair.money[k, 0]]
    wide.counts[CREDITS] += credits
    wide.counts[DEBITS] += debits
    wide.money[CREDITED] += credited
    wide.money[DEBITED] += debited


@inner
def add_to_week(m: Any, newest: Any, at: Any, day: Any) -> Any:
    """Add day line ``at`` to its week, the newest or a newer one; returns where the newest two stand now.

    A day whose week has no line is left out. The caller makes sure of room.
    """
    week = week_of(day)
    if not is_kept(week):
        return newest
    credits, debits = count(m, at, CREDITS), count(m, at, DEBITS)
    if credits == 0 and debits == 0:
        return newest
    credited, debited = money(m, at, CREDITED), money(m, at, DEBITED)
    k = 0
    if newest >= 0:
        k = 1 if m.weeks[newest].week[1] != 0 else 0
        if number_of(m.weeks[newest], k) != week:
            k = 1 - k
            if k == 0:
                newest = _take_block(m, newest)
    else:
        newest = _take_block(m, np.int64(NONE))
    pair = m.weeks[newest]
    if pair.week[k] == 0:
        pair.week[k] = week
        for which in range(2):
            pair.counts[k, which] = 0
            pair.money[k, which] = 0
    _add(m, pair, k, credits, debits, credited, debited)
    return newest


@inner
def _free_one(m: Any, at: Any) -> None:
    pair = m.weeks[at]
    for k in range(2):
        if is_wide(pair, k):
            m.wides[pair.money[k, 0]].money[0] = m.counters[FREE_WIDE]
            m.counters[FREE_WIDE] = pair.money[k, 0]
            pair.week[k] = 0
    pair.before = m.counters[FREE_WEEKS]
    m.counters[FREE_WEEKS] = at


@apart
def free_weeks(m: Any, at: Any) -> None:
    """Give back week lines from ``at`` on and all older ones."""
    while at >= 0:
        before = np.int64(m.weeks[at].before)
        _free_one(m, at)
        at = before


@inner
def drop_past_weeks(m: Any, newest: Any, day: Any) -> Any:
    """Let week lines go that are past as of ``day``; returns where the newest two stand, or ``NONE``."""
    oldest = week_of(day) - WEEKS_BEFORE
    at, behind = newest, np.int64(NONE)
    while at >= 0:
        pair = m.weeks[at]
        if max(number_of(pair, 0), number_of(pair, 1)) < oldest:
            if behind >= 0:
                m.weeks[behind].before = NONE
            free_weeks(m, at)
            return newest if behind >= 0 else np.int64(NONE)
        behind, at = at, np.int64(pair.before)
    return newest
