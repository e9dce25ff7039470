"""Kafka's default partitioner over whole columns: positive murmur2 of the key, modulo the partition count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from contract.hashing import utf8

_M = np.uint32(0x5BD1E995)
_SEED = np.uint32(0x9747B28C)


@njit(cache=True, nogil=True)
def _murmur2(data: Any, first: Any, last: Any) -> Any:
    length = last - first
    h = np.uint32(_SEED ^ np.uint32(length))
    at = first
    while at + 4 <= last:
        k = (
            np.uint32(data[at])
            | np.uint32(np.uint32(data[at + 1]) << np.uint32(8))
            | np.uint32(np.uint32(data[at + 2]) << np.uint32(16))
            | np.uint32(np.uint32(data[at + 3]) << np.uint32(24))
        )
        k = np.uint32(k * _M)
        k = np.uint32(k ^ (k >> np.uint32(24)))
        k = np.uint32(k * _M)
        h = np.uint32(np.uint32(h * _M) ^ k)
        at += 4
    rest = last - at
    if rest == 3:
        h = np.uint32(h ^ np.uint32(np.uint32(data[at + 2]) << np.uint32(16)))
    if rest >= 2:
        h = np.uint32(h ^ np.uint32(np.uint32(data[at + 1]) << np.uint32(8)))
    if rest >= 1:
        h = np.uint32(h ^ np.uint32(data[at]))
        h = np.uint32(h * _M)
    h = np.uint32(h ^ (h >> np.uint32(13)))
    h = np.uint32(h * _M)
    return np.uint32(h ^ (h >> np.uint32(15)))


@njit(cache=True, nogil=True)
def _partitions(offsets: Any, data: Any, count: Any, out: Any) -> None:
    for i in range(len(out)):
        out[i] = np.int64(_murmur2(data, offsets[i], offsets[i + 1]) & np.uint32(0x7FFFFFFF)) % count


def murmur2(data: bytes) -> int:
    """Signed 32-bit murmur2 as Kafka's clients compute it.

    >>> murmur2(b"21"), murmur2(b"abc"), murmur2(b"foobar")
    (-973932308, 479470107, -790332482)
    """
    value = int(_murmur2(np.frombuffer(data, np.uint8) if data else np.zeros(1, np.uint8), 0, len(data)))
    return value - 2**32 if value >= 2**31 else value


def partition_of(key: bytes, count: int) -> int:
    """Partition of one key among ``count``."""
    return (murmur2(key) & 0x7FFFFFFF) % count


def partitions_of(keys: pa.Array, count: int) -> Any:
    """Partition (int32) of every key of a string column without nulls, among ``count`` partitions."""
    out = np.zeros(len(keys), np.int32)
    if count > 1 and len(keys):
        offsets, data = utf8(keys)
        _partitions(offsets, data, count, out)
    return out


def keys_of(batch: pa.RecordBatch | pa.Table) -> pa.Array:
    """The partition key of every movement or profile: ``customer_id``, else ``account_id``."""
    keys = pc.coalesce(batch.column("customer_id"), batch.column("account_id"))
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
