"""Account rows: found by key or made, their holder, and whether memory has room for one more movement."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.forgetting import MOST_AGED
from detector.features.index import SEGMENTS, SLOTS, is_short
from detector.features.jit import inner
from detector.features.layout import EVIDENCE_BYTES, ID_BYTES, NEVER, WAITING
from detector.features.lines import A_BLOCK, HEAD
from detector.features.members import most_needed
from detector.features.memory import (
    ACCOUNTS,
    ARENA,
    BLOCKS,
    DIRTY,
    EVIDENCE,
    LINK_PLACES,
    MEMBERS,
    PACKED,
    PACKED_BYTES,
    PAIRS,
    PSEUDONYM,
    SCHEDULES,
    SIDES,
    WEEK_BLOCKS,
    WIDES,
)
from detector.features.tables import account_row, put_account

_A: Final = ord("A")
_TWO: Final = ord("2")
_COLON: Final = ord(":")
MOST_WIDENED = MOST_AGED + 16
"""More lines than one movement can make wide: its own, those of a pair's first and newest days, before and after, and weeks."""


@inner
def short_of_room(m: Any) -> Any:
    """Whether a pool or index may be too small for one more movement or profile, whatever it brings."""
    c = m.counters
    return (
        c[ACCOUNTS] >= len(m.accounts)
        or c[PAIRS] >= len(m.pairs)
        or c[SIDES] >= len(m.sides)
        or c[MEMBERS] + most_needed(m) > len(m.members)
        or HEAD * (c[BLOCKS] + 2) > len(m.line_heads)
        or A_BLOCK * (c[BLOCKS] + 2) > len(m.lines)
        or c[WEEK_BLOCKS] + MOST_AGED > len(m.weeks)
        or c[WIDES] + MOST_WIDENED > len(m.wides)
        or c[ARENA] + 2 * ID_BYTES > len(m.arena)
        or c[SCHEDULES] >= len(m.schedules)
        or c[EVIDENCE] + EVIDENCE_BYTES > len(m.evidence)
        or c[DIRTY] >= len(m.dirty)
        or c[LINK_PLACES] >= len(m.recent)
        or is_short(m.account_index)
        or is_short(m.pair_index)
        or is_short(m.seen_index)
        or SLOTS * (m.seen_index.meta[SEGMENTS] + 2) > len(m.seen)
    )


@inner
def _is_pseudonym(data: Any, first: Any, length: Any) -> Any:
    """Whether an id has the form of the contract's pseudonyms: a letter, a colon and 26 characters of base32."""
    if length != PSEUDONYM or data[first + 1] != _COLON:
        return False
    whole = True
    for k in range(first + 2, first + PSEUDONYM):
        whole &= (data[k] >= _A and data[k] < _A + 26) or (data[k] >= _TWO and data[k] < _TWO + 6)
    return whole


@inner
def _keep_text(m: Any, offsets: Any, data: Any, i: Any) -> Any:
    """Copy one string into the arena, a pseudonym packed as ``text_of`` reads it, and return its length as told to that."""
    at = m.counters[ARENA]
    first = offsets[i]
    length = np.int64(offsets[i + 1] - first)
    if not _is_pseudonym(data, first, length):
        for k in range(length):
            m.arena[at + k] = data[first + k]
        m.counters[ARENA] = at + length
        return length
    m.arena[at] = data[first]
    to, held, bits = at + 1, np.int64(0), 0
    for k in range(first + 2, first + PSEUDONYM):
        held = held << 5 | (np.int64(data[k]) - (_A if data[k] >= _A else _TWO - 26))
        bits += 5
        if bits >= 8:
            bits -= 8
            m.arena[to] = held >> bits & 255
            held &= 255
            to += 1
    m.arena[to] = held << (8 - bits) & 255
    m.counters[ARENA] = at + PACKED_BYTES
    return np.int64(PACKED)


@inner
def account_of(m: Any, key: Any, at: Any, ids: Any, i: Any) -> Any:
    """Row of an account, made where it is new; the caller makes sure of room."""
    row = account_row(m.account_index, m.accounts, key)
    if row >= 0:
        return row
    row = m.counters[ACCOUNTS]
    m.counters[ACCOUNTS] = row + 1
    a = m.accounts[row]
    a.key = key
    put_account(m.account_index, m.accounts, row)
    a.first_ms = NEVER
    a.last_ms = -NEVER
    a.members_at = -1
    a.evidence = -1
    a.lines_at = -1
    a.id_at = m.counters[ARENA]
    a.id_len = _keep_text(m, at, ids, i)
    return row


@inner
def customer_differs(m: Any, row: Any, customer: Any, at: Any, ids: Any, i: Any) -> Any:
    """Whether a holder is named that the account does not have; learns the holder where none was known."""
    a = m.accounts[row]
    if customer == 0:
        return False
    if a.customer_key == 0:
        a.customer_key = customer
        a.customer_at = m.counters[ARENA]
        a.customer_len = _keep_text(m, at, ids, i)
        return False
    return a.customer_key != customer


@inner
def mark_dirty(m: Any, row: Any) -> None:
    a = m.accounts[row]
    if a.dirty & WAITING == 0:
        a.dirty |= WAITING
        m.dirty[m.counters[DIRTY]] = row
        m.counters[DIRTY] += 1
