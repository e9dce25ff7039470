"""Account rows: found by key or made, their holder, and whether memory has room for one more movement."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import inner
from detector.features.layout import ID_BYTES, NEVER
from detector.features.members import most_needed
from detector.features.memory import ACCOUNTS, ARENA, DIRTY, EVIDENCES, LINES, MEMBERS, PAIRS, SCHEDULES, SEEN_COUNT
from detector.features.tables import account_slot


@inner
def short_of_room(m: Any) -> Any:
    c = m.counters
    return (
        2 * (c[ACCOUNTS] + 1) > len(m.account_index)
        or c[ACCOUNTS] >= len(m.accounts)
        or 2 * (c[PAIRS] + 1) > len(m.pair_index)
        or c[PAIRS] >= len(m.pairs)
        or c[MEMBERS] + most_needed(m) > len(m.members)
        or c[LINES] + 256 > len(m.lines)
        or c[ARENA] + 2 * ID_BYTES > len(m.arena)
        or c[SCHEDULES] >= len(m.schedules)
        or c[EVIDENCES] >= len(m.evidence)
        or c[DIRTY] >= len(m.dirty)
        or 2 * (c[SEEN_COUNT] + 1) > len(m.seen)
    )


@inner
def _keep_text(m: Any, offsets: Any, data: Any, i: Any) -> Any:
    """Copy one string into the arena and return where it stands."""
    at = m.counters[ARENA]
    first = offsets[i]
    length = offsets[i + 1] - first
    for k in range(length):
        m.arena[at + k] = data[first + k]
    m.counters[ARENA] = at + length
    return at


@inner
def account_of(m: Any, key: Any, at: Any, ids: Any, i: Any) -> Any:
    """Row of an account, made where it is new; the caller makes sure of room."""
    slot = account_slot(m.account_index, m.accounts, key)
    row = m.account_index[slot]
    if row >= 0:
        return row
    row = np.int32(m.counters[ACCOUNTS])
    m.counters[ACCOUNTS] += 1
    m.account_index[slot] = row
    a = m.accounts[row]
    a.key = key
    a.first_ms = NEVER
    a.last_ms = -NEVER
    a.members_at = -1
    a.evidence = -1
    a.lines_at = -1
    a.id_at = _keep_text(m, at, ids, i)
    a.id_len = at[i + 1] - at[i]
    return row


@inner
def customer_differs(m: Any, row: Any, customer: Any, at: Any, ids: Any, i: Any) -> Any:
    """Whether a holder is named that the account does not have; learns the holder where none was known."""
    a = m.accounts[row]
    if customer == 0:
        return False
    if a.customer_key == 0:
        a.customer_key = customer
        a.customer_at = _keep_text(m, at, ids, i)
        a.customer_len = at[i + 1] - at[i]
        return False
    return a.customer_key != customer


@inner
def mark_dirty(m: Any, row: Any) -> None:
    a = m.accounts[row]
    if a.dirty == 0:
        a.dirty = 1
        m.dirty[m.counters[DIRTY]] = row
        m.counters[DIRTY] += 1
