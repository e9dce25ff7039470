"""Day sums of large-value lines, in the loop: one table entry a (customer, day, side, line, currency group)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit

from detector.features.pairs import day_of_ms
from detector.features.tables import account_slot, mix

SUM: Final = np.dtype([("key", "u8"), ("sum", "i8"), ("day", "i4"), ("count", "i4")])

CASH, COMPANY, PERSON_DOMESTIC, PERSON_CROSS_BORDER = range(4)
CNY, FX = range(2)
THRESHOLDS: Final = np.array(
    [[5_000_000, 1_000_000], [200_000_000, 20_000_000], [50_000_000, 10_000_000], [20_000_000, 1_000_000]], np.int64
)
"""Minor units of CNY and of US dollars, lines 0501 to 0504, each inclusive. Order 2016/3 art. 5: law, not configuration."""
NOTABLE_PART: Final = 20
"""Movements of at least a twentieth of a line are remembered by id: twenty of them fill any line (evidence ≤ 20)."""


@njit(cache=True, nogil=True, inline="always")
def sum_key(holder: Any, day: Any, side: Any, line: Any, group: Any) -> Any:
    """64-bit key of one sum."""
    return mix(np.uint64(holder) ^ mix(np.uint64(day) * np.uint64(64) + np.uint64(side * 16 + line * 2 + group)))


@njit(cache=True, nogil=True)
def sum_slot(table: Any, key: Any) -> Any:
    """Slot of a key; ``count`` and ``key`` are 0 there where it is new."""
    mask = np.uint64(len(table) - 1)
    slot = key & mask
    while table[slot].key != 0 and table[slot].key != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@njit(cache=True, nogil=True)
def line_of_movement(cash: Any, holder_kind: Any, abroad: Any) -> Any:
    """Which line a movement counts towards, or -1 where that cannot be said.

    Codes of ``holder_kind``: 0 unknown, 1 person, others no natural person (a sole trader's account is the shop's).
    ``abroad``: 1 cross-border, 0 domestic, -1 unknown.
    """
    if cash:
        return CASH
    if holder_kind == 0:
        return -1
    if holder_kind != 1:
        return COMPANY
    if abroad < 0:
        return -1
    return PERSON_CROSS_BORDER if abroad else PERSON_DOMESTIC


@njit(cache=True, nogil=True)
def add_sums(
    table: Any, x: Any, start: Any, fresh: Any, cash: Any, exempt: Any, abroad: Any, group: Any, amount: Any,
    index: Any, accounts: Any, oldest_day: Any, line: Any, after: Any,
) -> Any:  # fmt: skip
    """Add movements to their sums; ``line`` (int8, -1 none) and ``after`` (the sum behind each) are written.

    Returns how many entries are new. The caller makes sure that the table has room for one a movement.
    """
    new = 0
    for k in range(len(fresh)):
        line[k] = -1
        i = start + k
        if not fresh[k] or exempt[k] or group[k] < 0 or x.reversal_of[i] != 0:
            continue
        day = day_of_ms(x.ms[i])
        if day < oldest_day:
            continue
        row = index[account_slot(index, accounts, x.account[i])]
        line[k] = line_of_movement(cash[k], accounts[row].holder_kind, abroad[k])
        if line[k] < 0 or accounts[row].holder_kind == 4:
            line[k] = -1
            continue
        holder = x.customer[i] if x.customer[i] != 0 else x.account[i]
        key = sum_key(holder, day, x.credit[i], line[k], group[k])
        entry = table[sum_slot(table, key)]
        if entry.key == 0:
            entry.key = key
            entry.day = day
            new += 1
        entry.sum += amount[k]
        entry.count += 1
        after[k] = entry.sum
    return new


@njit(cache=True, nogil=True)
def keep_sums(old: Any, new: Any, oldest_day: Any) -> Any:
    """Copy entries of ``oldest_day`` and later into an empty table and return their number."""
    kept = 0
    for at in range(len(old)):
        if old[at].key != 0 and old[at].day >= oldest_day:
            new[sum_slot(new, old[at].key)] = old[at]
            kept += 1
    return kept
