"""Day sums of large-value lines, in the loop: one table entry a (customer, day, side, line, currency group).

A counted movement is marked in its entry of the shard's seen events, so that a reversal finds where it counted
whatever the reversal itself says of kind and other side. The marks stand above the lowest bit of ``SEEN.used``.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.columns import LATE, UNVERIFIED, USED
from detector.features.days import day_of_ms
from detector.features.jit import inner, loop
from detector.features.layout import SEEN_CREDIT
from detector.features.memory import SEEN_FROM
from detector.features.seen import seen_slot
from detector.features.tables import account_row, event_key, mix

SUM: Final = np.dtype(
    [("key", "u8"), ("sum", "i8"), ("first_ms", "i8"), ("last_ms", "i8"), ("day", "i4"), ("count", "i4")], align=True
)
STEP: Final = np.dtype(
    [
        ("row", "i8"),  # of the block
        ("what", "i8"),  # bits below
        ("line", "i8"),
        ("group", "i8"),
        ("credit", "i8"),
        ("day", "i8"),
        ("key", "u8"),  # of the sum; of UNRESOLVED the event taken back, same direction
        ("event", "u8"),  # key of the movement; of UNRESOLVED the event taken back, other direction
        ("amount", "i8"),
        ("sum", "i8"),  # behind the movement, as are the next three
        ("count", "i8"),
        ("first_ms", "i8"),
        ("last_ms", "i8"),
    ]
)
"""What a movement did that is worth a look outside the loop."""
NOTED, OVER, UNDER, TAKEN, UNRESOLVED = (1 << k for k in range(5))

CASH, COMPANY, PERSON_DOMESTIC, PERSON_CROSS_BORDER = range(4)
CNY, FX = range(2)
THRESHOLDS: Final = np.array(
    [[5_000_000, 1_000_000], [200_000_000, 20_000_000], [50_000_000, 10_000_000], [20_000_000, 1_000_000]], np.int64
)
"""Minor units of CNY and of US dollars, lines 0501 to 0504, each inclusive. Order 2016/3 art. 5: law, not configuration."""
NOTABLE_PART: Final = 20
"""Movements of at least a twentieth of a line are remembered by id: twenty of them fill any line (evidence ≤ 20)."""

PERSON, PUBLIC_BODY, FINANCIAL = 1, 4, 5
"""Codes of ``ACCOUNT.holder_kind`` (place in ``HOLDER_KINDS`` plus one; 0 unknown)."""
_LINE_SHIFT: Final = 1
_GROUP_SHIFT: Final = 4
_TAKEN_BACK: Final = 1 << 5
_BY_CUSTOMER: Final = 1 << 6


class Facts(NamedTuple):
    """What a batch says about where its movements count, one entry a movement."""

    cash: Any  # bool
    exempt: Any  # bool, left out by the law
    bank: Any  # bool, the other side is a financial institution: left out where the holder is one
    abroad: Any  # int8: 1 cross-border, 0 domestic, -1 unknown
    group: Any  # int8: CNY, FX, -1 neither
    amount: Any  # int64 minor units that count in that group


@inner
def sum_key(holder: Any, day: Any, side: Any, line: Any, group: Any) -> Any:
    """64-bit key of one sum."""
    return mix(np.uint64(holder) ^ mix(np.uint64(day) * np.uint64(64) + np.uint64(side * 16 + line * 2 + group)))


@inner
def sum_slot(table: Any, key: Any) -> Any:
    """Slot of a key; ``count`` and ``key`` are 0 there where it is new."""
    mask = np.uint64(len(table) - 1)
    slot = key & mask
    while table[slot].key != 0 and table[slot].key != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@loop
def find_sum(table: Any, key: Any) -> Any:
    """Slot of a key, for Python to look into."""
    return sum_slot(table, key)


@inner
def line_of_movement(cash: Any, holder_kind: Any, abroad: Any) -> Any:
    """Which line a movement counts towards, or -1 where that cannot be said.

    A sole trader's account is the shop's, so no natural person's. ``abroad`` as in ``Facts``.
    """
    if cash:
        return CASH
    if holder_kind == 0:
        return -1
    if holder_kind != PERSON:
        return COMPANY
    if abroad < 0:
        return -1
    return PERSON_CROSS_BORDER if abroad else PERSON_DOMESTIC


@inner
def _write(out: Any, at: Any, i: Any, what: Any, line: Any, group: Any, credit: Any, event: Any, amount: Any, entry: Any) -> None:
    step = out[at]
    step.row, step.what, step.line, step.group, step.credit = i, what, line, group, credit
    step.key, step.event, step.amount = entry.key, event, amount
    step.day, step.sum, step.count = entry.day, entry.sum, entry.count
    step.first_ms, step.last_ms = entry.first_ms, entry.last_ms


@inner
def _count(table: Any, m: Any, x: Any, i: Any, facts: Facts, oldest_day: Any, out: Any, at: Any) -> Any:
    """Add one movement; returns how many steps and how many new entries that made."""
    day = day_of_ms(x.ms[i])
    if facts.exempt[i] or facts.group[i] < 0 or day < oldest_day:
        return 0, 0
    holder_kind = m.accounts[account_row(m.account_index, m.accounts, x.account[i])].holder_kind
    line, group = line_of_movement(facts.cash[i], holder_kind, facts.abroad[i]), facts.group[i]
    if line < 0 or holder_kind == PUBLIC_BODY or (facts.bank[i] and holder_kind == FINANCIAL):
        return 0, 0
    key = sum_key(x.customer[i] if x.customer[i] != 0 else x.account[i], day, x.credit[i], line, group)
    entry = table[sum_slot(table, key)]
    new = 0
    if entry.key == 0:
        new = 1
        entry.key, entry.day, entry.first_ms, entry.last_ms = key, day, x.ms[i], x.ms[i]
    entry.sum += facts.amount[i]
    entry.count += 1
    entry.first_ms, entry.last_ms = min(entry.first_ms, x.ms[i]), max(entry.last_ms, x.ms[i])
    event = event_key(x.account[i], x.event[i], x.credit[i])
    seen = m.seen[seen_slot(m.seen_index, m.seen, event)]
    if seen.used and seen.ms == x.ms[i]:
        mark = (line + 1) << _LINE_SHIFT | group << _GROUP_SHIFT
        seen.used = 1 | mark | (_BY_CUSTOMER if x.customer[i] != 0 else 0)
    limit = THRESHOLDS[line, group]
    over = entry.sum >= limit and entry.sum - facts.amount[i] < limit
    if not over and facts.amount[i] * NOTABLE_PART < limit:
        return 0, new
    _write(out, at, i, NOTED | (OVER if over else 0), line, group, x.credit[i], event, facts.amount[i], entry)
    return 1, new


@inner
def _take_back(table: Any, m: Any, x: Any, i: Any, facts: Facts, oldest_day: Any, out: Any, at: Any) -> None:
    """Take the reversed movement out of its sum, by what is remembered of it; writes one step."""
    for turn in range(2):
        credit = x.credit[i] if turn else 1 - x.credit[i]
        event = event_key(x.account[i], x.reversal_of[i], credit)
        seen = m.seen[seen_slot(m.seen_index, m.seen, event)]
        if seen.used <= 1 or seen.ms < m.counters[SEEN_FROM] or seen.used & _TAKEN_BACK:
            continue
        seen.used |= _TAKEN_BACK
        line, group = (seen.used >> _LINE_SHIFT & 7) - 1, seen.used >> _GROUP_SHIFT & 1
        account = m.accounts[account_row(m.account_index, m.accounts, x.account[i])]
        holder = account.customer_key if seen.used & _BY_CUSTOMER else x.account[i]
        credited = 1 if seen.bits & SEEN_CREDIT else 0
        day = day_of_ms(seen.ms)
        entry = table[sum_slot(table, sum_key(holder, day, credited, line, group))]
        if day < oldest_day or entry.key == 0 or (group == FX and facts.group[i] != FX):
            break
        amount = facts.amount[i] if group == FX else seen.amount
        limit = THRESHOLDS[line, group]
        under = entry.sum >= limit and entry.sum - amount < limit
        entry.sum -= amount
        entry.count -= 1
        _write(out, at, i, TAKEN | (UNDER if under else 0), line, group, credited, event, amount, entry)
        return
    out[at].row, out[at].what = i, UNRESOLVED
    out[at].key = event_key(x.account[i], x.reversal_of[i], x.credit[i])
    out[at].event = event_key(x.account[i], x.reversal_of[i], 1 - x.credit[i])


@loop
def add_sums(
    table: Any, m: Any, x: Any, start: Any, stop: Any, status: Any, facts: Facts, oldest_day: Any, out: Any
) -> Any:  # fmt: skip
    """Take rows ``start`` to ``stop`` of ``x``, in order; steps go to ``out`` (room for one a row).

    Returns (new entries, steps). Rows that ``status`` says were refused or repeated and days before ``oldest_day``
    do not count. The table has room for one entry a row. About 30 ns a movement.
    """
    new = steps = 0
    for i in range(start, stop):
        if status[i] != USED and status[i] != LATE and status[i] != UNVERIFIED:
            continue
        if x.reversal_of[i] != 0:
            _take_back(table, m, x, i, facts, oldest_day, out, steps)
            steps += 1
        else:
            made, added = _count(table, m, x, i, facts, oldest_day, out, steps)
            steps += made
            new += added
    return new, steps


@loop
def keep_sums(old: Any, new: Any, oldest_day: Any) -> Any:
    """Copy entries of ``oldest_day`` and later into an empty table and return their number."""
    kept = 0
    for at in range(len(old)):
        if old[at].key != 0 and old[at].day >= oldest_day:
            new[sum_slot(new, old[at].key)] = old[at]
            kept += 1
    return kept
