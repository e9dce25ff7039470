"""How a pair stood without one of its newest movements: what is remembered of the others, and of what was before them.

Movements of the duplicate window are linked in order of booking through a table of places by pair, each with how its side
stood before it. So a reversal gives back when the counterparty first and last paid, and what, as if the reversed movement had
never been. A link to what the window has left behind ends the chain; so a movement booked before one that was late, and left
the window earlier for it, may not be met.

There are 65,536 places to begin with. Where the window holds more than ``LINKS_A_PLACE`` times as many movements, each new one
adds a place: the next of the old ones gives up those of its movements that now belong there (linear hashing), so nothing is
ever laid out anew at once. How many the window holds is counted in epochs as long as it: what was linked in this one and the
one before is what it holds, or up to twice that. Where so much is linked hangs on the stream alone, so flags do too.

Where more than ``MOST_STEPS`` movements of the window are linked at the pair's place, of it and of other pairs, only the
sums and counts of the pair are taken back; times and amounts of its first and newest movement stay as they are.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.jit import apart, inner
from detector.features.layout import (
    LINKS_A_PLACE,
    NEVER,
    PAIR_ON_PAYROLL,
    SEEN_COUNTED,
    SEEN_CREDIT,
    SEEN_REVERSED,
    SIDE_IN,
)
from detector.features.memory import LINK_EPOCH, LINK_MASK, LINK_PLACES, LINKED, LINKED_BEFORE, SEEN_FROM
from detector.features.pair_ends import empty_end, ends_of
from detector.features.schedules import take_payout_back
from detector.features.seen import is_known, seen_slot
from detector.features.tables import mix

MOST_STEPS: Final = 512
"""Links that are followed at most, twice a reversal: each is a place in memory far from the others, and a batch may bring
reversals of a hub's movements by the hundred. An event id that is used again after the window may make a ring of them."""
MOST_DIVIDED: Final = 1 << 20
"""Links that are followed at most where a place is divided: against such rings."""
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
def _place(counters: Any, at: Any) -> Any:
    """Place of a pair among those that are in use."""
    h, mask = np.int64(mix(np.uint64(at))), counters[LINK_MASK]
    place = h & (2 * mask + 1)
    return place if place < counters[LINK_PLACES] else h & mask


@inner
def _count_link(m: Any, ms: Any) -> None:
    """Count a movement of a time, and add a place where the window has become too full for those in use."""
    c = m.counters
    if c[SEEN_FROM] > c[LINK_EPOCH]:
        c[LINKED_BEFORE] = c[LINKED]
        c[LINKED] = 0
        c[LINK_EPOCH] = ms
    c[LINKED] += 1
    if c[LINKED] + c[LINKED_BEFORE] > LINKS_A_PLACE * c[LINK_PLACES] and c[LINK_PLACES] < len(m.recent):
        _add_place(m.seen_index, m.seen, m.recent, c)


@apart
def _add_place(index: Any, seen: Any, recent: Any, c: Any) -> None:
    """Take one more place into use, and give it those movements of the place before that belong there, in their order."""
    added = c[LINK_PLACES]
    divided = added - c[LINK_MASK] - 1
    c[LINK_PLACES] = added + 1
    if c[LINK_PLACES] == 2 * (c[LINK_MASK] + 1):
        c[LINK_MASK] = c[LINK_PLACES] - 1
    key, steps = recent[divided], np.int64(0)
    recent[divided] = recent[added] = np.uint64(0)
    kept, given = np.int64(-1), np.int64(-1)
    slot = seen_slot(index, seen, key)
    while seen[slot].used != 0 and seen[slot].ms >= c[SEEN_FROM] and steps < MOST_DIVIDED:
        stays = _place(c, seen[slot].pair) == divided
        last = kept if stays else given
        if last >= 0:
            seen[last].before = key
        else:
            recent[divided if stays else added] = key
        if stays:
            kept = slot
        else:
            given = slot
        key = seen[slot].before
        slot = seen_slot(index, seen, key)
        steps += 1
    if kept >= 0:
        seen[kept].before = np.uint64(0)
    if given >= 0:
        seen[given].before = np.uint64(0)


@inner
def link(m: Any, at: Any, entry: Any, last_ms: Any, last: Any, principal: Any) -> None:
    """Link a movement of pair ``at``, if on any, whose entry is new, with how its side stood before."""
    if at < 0:
        return
    entry.last_ms = last_ms
    entry.last = last
    entry.principal = principal
    _count_link(m, entry.ms)
    place = _place(m.counters, at)
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
    slot = _follow(m, m.recent[_place(m.counters, at)])
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
    slot = _follow(m, m.recent[_place(m.counters, at)])
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
