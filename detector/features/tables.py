"""Open addressing over the pools: 64-bit key to account row, (account, counterparty) to pair, event to seen entry.

Tables hold row numbers only, are at most half full, and are rebuilt rather than stored. Keys are 64-bit hashes:
with n keys in one shard the odds of any collision are about n²/2⁶⁵, one in 370,000 for ten million.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import inner


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
def account_slot(index: Any, accounts: Any, key: Any) -> Any:
    """Slot of ``key`` in the index: holds its row, or -1 where the key is new."""
    mask = np.uint64(len(index) - 1)
    slot = mix(key) & mask
    while index[slot] >= 0 and accounts[index[slot]].key != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@inner
def pair_slot(index: Any, pairs: Any, account: Any, key: Any) -> Any:
    """Slot of the pair (account, counterparty key) in the index, -1 inside where it is new."""
    mask = np.uint64(len(index) - 1)
    slot = pair_slot_key(account, key) & mask
    while index[slot] >= 0 and (pairs[index[slot]].key != key or pairs[index[slot]].account != account):
        slot = (slot + np.uint64(1)) & mask
    return slot


@inner
def seen_slot(seen: Any, key: Any) -> Any:
    """Slot of an event key; ``used`` is 0 there where the event has not been seen."""
    mask = np.uint64(len(seen) - 1)
    slot = mix(key) & mask
    while seen[slot].used != 0 and seen[slot].key != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@inner
def index_accounts(index: Any, accounts: Any, count: Any) -> None:
    """Fill an empty index with the first ``count`` accounts."""
    for row in range(count):
        index[account_slot(index, accounts, accounts[row].key)] = row


@inner
def index_pairs(index: Any, pairs: Any, count: Any) -> None:
    """Fill an empty index with the first ``count`` pairs."""
    for row in range(count):
        index[pair_slot(index, pairs, pairs[row].account, pairs[row].key)] = row


@inner
def keep_seen(old: Any, new: Any, from_ms: Any) -> Any:
    """Copy entries not older than ``from_ms`` into the empty table ``new`` and return their number."""
    kept = 0
    for at in range(len(old)):
        if old[at].used != 0 and old[at].ms >= from_ms:
            new[seen_slot(new, old[at].key)] = old[at]
            kept += 1
    return kept


@inner
def mix_columns(into: Any, column: Any) -> None:
    """Fold one uint64 column into another, in place, where it is not zero; order of columns matters.

    A zero is a field that was not given: folding it would tell whether another row of the batch gave it.
    """
    for k in range(len(into)):
        if column[k] != 0:
            into[k] = mix(into[k] * np.uint64(0x9E3779B97F4A7C15) + column[k])
