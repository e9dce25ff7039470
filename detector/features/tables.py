"""What is found by its key: a 64-bit key to an account's row, (account, counterparty) to a pair's.

Indexes hold row numbers only and are rebuilt rather than stored. Keys are 64-bit hashes: with n keys in one shard the
odds of any collision are about n²/2⁶⁵, one in 370,000 for ten million.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.index import SLOTS, home, is_crowded, is_taken, mark_of, put, segment_of, split, take_out
from detector.features.jit import apart, inner, loop


@inner
def mix(x: Any) -> Any:
    """Spread a 64-bit key over all bits (the finaliser of splitmix64)."""
    z = np.uint64(x)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@inner
def pair_slot_key(account: Any, key: Any) -> Any:
    """Index key of a counterparty of one account."""
    return mix(np.uint64(key) ^ mix(np.uint64(account) + np.uint64(0x9E3779B97F4A7C15)))


@inner
def event_key(account: Any, event: Any, credit: Any) -> Any:
    """Key of the idempotency triple (account, event, direction) inside one institution."""
    return mix(event ^ mix(account + np.uint64(credit)))


@inner
def account_row(index: Any, accounts: Any, key: Any) -> Any:
    """Row of the account with this key, or -1."""
    h = mix(key)
    base, k, mark = segment_of(index, h) * SLOTS, home(h), mark_of(h)
    while index.marks[base + k] != 0:
        row = np.int64(index.rows[base + k])
        if index.marks[base + k] == mark and accounts[row].key == key:
            return row
        k = (k + 1) & (SLOTS - 1)
    return np.int64(-1)


@loop
def account_rows(index: Any, accounts: Any, keys: Any) -> Any:
    """Row (int32) of each account key (uint64), -1 where there is none."""
    rows = np.empty(len(keys), np.int32)
    for k in range(len(keys)):
        rows[k] = account_row(index, accounts, keys[k])
    return rows


@inner
def put_account(index: Any, accounts: Any, row: Any) -> None:
    """Enter a new account."""
    h = mix(accounts[row].key)
    put(index, h, row)
    if is_crowded(index, h):
        _split_accounts(index, accounts, h)


@apart
def _split_accounts(index: Any, accounts: Any, h: Any) -> None:
    base = segment_of(index, h) * SLOTS
    for k in range(SLOTS):
        if is_taken(index.marks[base + k]):
            index.hashes[k] = mix(accounts[index.rows[base + k]].key)
    split(index, h)


@inner
def pair_row(index: Any, pairs: Any, account: Any, key: Any) -> Any:
    """Row of the pair (account, counterparty key), or -1."""
    h = pair_slot_key(account, key)
    base, k, mark = segment_of(index, h) * SLOTS, home(h), mark_of(h)
    while index.marks[base + k] != 0:
        if index.marks[base + k] == mark:
            row = np.int64(index.rows[base + k])
            if pairs[row].key == key and pairs[row].account == account:
                return row
        k = (k + 1) & (SLOTS - 1)
    return np.int64(-1)


@inner
def put_pair(index: Any, pairs: Any, row: Any) -> None:
    """Enter a new pair."""
    h = pair_slot_key(pairs[row].account, pairs[row].key)
    put(index, h, row)
    if is_crowded(index, h):
        _split_pairs(index, pairs, h)


@inner
def drop_pair(index: Any, pairs: Any, row: Any) -> None:
    """Take a pair out."""
    take_out(index, pair_slot_key(pairs[row].account, pairs[row].key), row)


@apart
def _split_pairs(index: Any, pairs: Any, h: Any) -> None:
    base = segment_of(index, h) * SLOTS
    for k in range(SLOTS):
        if is_taken(index.marks[base + k]):
            pair = pairs[index.rows[base + k]]
            index.hashes[k] = pair_slot_key(pair.account, pair.key)
    split(index, h)


@loop
def index_accounts(index: Any, accounts: Any, count: Any) -> None:
    """Fill an empty index with the first ``count`` accounts."""
    for row in range(count):
        put_account(index, accounts, row)


@loop
def index_pairs(index: Any, pairs: Any, count: Any) -> None:
    """Fill an empty index with the first ``count`` pairs, those left out that are free."""
    for row in range(count):
        if pairs[row].account >= 0:
            put_pair(index, pairs, row)


@loop
def mix_columns(into: Any, column: Any) -> None:
    """Fold one uint64 column into another, in place, where it is not zero; order of columns matters.

    A zero is a field that was not given: folding it would tell whether another row of the batch gave it.
    """
    for k in range(len(into)):
        if column[k] != 0:
            into[k] = mix(into[k] * np.uint64(0x9E3779B97F4A7C15) + column[k])
