"""How a pair stood without one of its newest movements: what is remembered of the others, and of what was before them.

Movements of the duplicate window are linked in order of booking through a table of 65,536 places by pair, each with how its
side stood before it. So a reversal gives back when the counterparty first and last paid, and what, as if the reversed
movement had never been. A link to what the window has left behind ends the chain; so a movement booked before one that was
late, and left the window earlier for it, may not be met.

Where more than ``MOST_STEPS`` movements of the window are linked at the pair's place, of it and of other pairs, only the
sums and counts of the pair are taken back; times and amounts of its first and newest movement stay as they are.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.jit import inner
from detector.features.layout import NEVER, PAIR_ON_PAYROLL, RECENT, SEEN_COUNTED, SEEN_CREDIT, SEEN_REVERSED, SIDE_IN
from detector.features.pair_ends import empty_end, ends_of
from detector.features.schedules import take_payout_back
from detector.features.seen import is_known, seen_slot
from detector.features.tables import mix

MOST_STEPS: Final = 512
"""Links that are followed at most, twice a reversal: each is a place in memory far from the others, and a batch may bring
reversals of a hub's movements by the hundred. An event id that is used again after the window may make a ring of them."""
_ALL: Final = SEEN_COUNTED | SEEN_CREDIT | SEEN_REVERSED


class Left(NamedTuple):
    """What is left of one side: movements of the window without the reversed one, and how it stood before them."""

    is_known: Any
    count: Any
    first_ms: Any
    first: Any
    last_ms: Any
    last: Any
    before_ms: Any  # newest movement before the window, or -NEVER
    before: Any
    principal: Any  # paid in by then


@inner
def _place(at: Any) -> Any:
    return np.int64(mix(np.uint64(at)) & np.uint64(RECENT - 1))


@inner
def link(m: Any, at: Any, entry: Any, last_ms: Any, last: Any, principal: Any) -> None:
    """Link a movement of pair ``at``, if on any, whose entry is new, with how its side stood before."""
    if at < 0:
        return
    entry.last_ms = last_ms
    entry.last = last
    entry.principal = principal
    place = _place(at)
    entry.before = m.recent[place]
    m.recent[place] = entry.key


@inner
def _follow(m: Any, key: Any) -> Any:
    """Slot of a linked movement, -1 where the chain ends."""
    slot = seen_slot(m.seen_index, m.seen, key)
    return slot if is_known(m, slot) else np.int64(-1)


@inner
def left_of(m: Any, at: Any, reversed_slot: Any) -> Any:
    """What is left of the side of a reversed movement of pair ``at``, which is marked as reversed by now."""
    mine = m.seen[reversed_slot]
    credit = mine.bits & SEEN_CREDIT
    count, steps = np.int64(0), np.int64(0)
    first_ms, first, last_ms, last = np.int64(NEVER), np.int64(0), np.int64(-NEVER), np.int64(0)
    before_ms, before, principal = np.int64(-NEVER), np.int64(0), np.int64(0)
    slot = _follow(m, m.recent[_place(at)])
    while slot >= 0 and steps < MOST_STEPS:
        one = m.seen[slot]
        if one.pair == at and one.bits & (SEEN_COUNTED | SEEN_CREDIT) == SEEN_COUNTED | credit:
            if slot != reversed_slot and one.last_ms == mine.ms and one.last == mine.amount:
                # What stood before it now is what stood before the reversed one.
                one.last_ms = mine.last_ms
                one.last = mine.last
                one.principal = mine.principal
            before_ms, before, principal = one.last_ms, one.last, one.principal
            if one.bits & SEEN_REVERSED == 0:
                count += 1
                if one.ms > last_ms:
                    last_ms, last = one.ms, one.amount
                if one.ms <= first_ms:
                    first_ms, first = one.ms, one.amount
        steps += 1
        slot = _follow(m, one.before)
    return Left(steps < MOST_STEPS, count, first_ms, first, last_ms, last, before_ms, before, principal)


@inner
def paid_in_since(m: Any, at: Any, ms: Any) -> Any:
    """What the pair paid in after a time, of what is remembered and not reversed."""
    total, steps = np.int64(0), np.int64(0)
    slot = _follow(m, m.recent[_place(at)])
    while slot >= 0 and steps < MOST_STEPS:
        one = m.seen[slot]
        if one.pair == at and one.bits & _ALL == SEEN_COUNTED | SEEN_CREDIT and one.ms > ms:
            total += one.amount
        steps += 1
        slot = _follow(m, one.before)
    return total


@inner
def _restore(end: Any, mine: Any, left: Any) -> None:
    """Take a movement out of its side, a pair or a second side."""
    end.count -= 1
    end.paid -= mine.amount
    if end.count <= 0:
        paid = end.paid
        empty_end(end)
        end.paid = paid
    elif left.is_known:
        # Where more is left than is remembered, the side began before the window.
        if left.count == end.count:
            end.first_ms = left.first_ms
            end.first = left.first
        if _ends_within(left, end.count):
            end.last_ms = left.last_ms
            end.last = left.last
        else:
            end.last_ms = left.before_ms
            end.last = left.before


@inner
def _ends_within(left: Any, count: Any) -> Any:
    """Whether the newest movement of a side of ``count`` is one of those that are remembered."""
    return left.count == count or (left.count > 0 and left.last_ms >= left.before_ms)


@inner
def undo(m: Any, pair: Any, at: Any, slot: Any) -> None:
    """Let the pair stand as if the reversed movement of a slot of the window had never been."""
    mine, left = m.seen[slot], left_of(m, at, slot)
    credit = mine.bits & SEEN_CREDIT != 0
    newest = ends_of(m, pair).last_out_ms
    if (pair.side == SIDE_IN) == credit:
        _restore(pair, mine, left)
    elif pair.other >= 0:
        _restore(m.sides[pair.other], mine, left)
    if pair.count == 0 and (pair.other < 0 or m.sides[pair.other].count == 0):
        # What its remarks said went with them; a payroll's payments need not be booked on a pair.
        pair.bits &= PAIR_ON_PAYROLL
    if pair.other < 0:
        return
    e, side = ends_of(m, pair), m.sides[pair.other]
    if e.debits == 0:
        side.principal = 0
    elif credit and mine.ms <= newest:
        side.principal -= mine.amount
    elif not credit and e.last_out_ms != newest and left.is_known:
        within = _ends_within(left, e.debits)
        side.principal = e.paid_in - paid_in_since(m, at, e.last_out_ms) if within else left.principal
    if not credit:
        take_payout_back(m, e.schedule, mine.amount, mine.ms)
    if e.schedule >= 0 and (e.credits == 0 or e.debits == 0):
        m.schedules[e.schedule].count = 0
