"""Kafka's default partitioner over whole columns: positive murmur2 of the key, modulo the partition count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.hashing import utf8
from contract.kernels import inner, loop

_M = np.uint32(0x5BD1E995)
_SEED = np.uint32(0x9747B28C)


@inner
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


@loop
def _hash_all(offsets: Any, data: Any, out: Any) -> None:
    for i in range(len(out)):
        out[i] = _murmur2(data, offsets[i], offsets[i + 1])


def _hashes(keys: pa.Array) -> Any:
    """Murmur2 (uint32) of every key of a string column without nulls."""
    out = np.zeros(len(keys), np.uint32)
    if len(keys):
        _hash_all(*utf8(keys), out)
    return out


def murmur2(data: bytes) -> int:
    """Signed 32-bit murmur2 as Kafka's clients compute it.

    >>> murmur2(b"21"), murmur2(b"abc"), murmur2(b"foobar")
    (-973932308, 479470107, -790332482)
    """
    value = int(_hashes(pa.array([data], pa.binary()))[0])
    return value - 2**32 if value >= 2**31 else value


def partition_of(key: bytes, count: int) -> int:
    """Partition of one key among ``count``."""
    return (murmur2(key) & 0x7FFFFFFF) % count


def partitions_of(keys: pa.Array, count: int) -> Any:
    """Partition (int32) of every key of a string column without nulls, among ``count`` partitions."""
    if count == 1:
        return np.zeros(len(keys), np.int32)
    return (_hashes(keys) & np.uint32(0x7FFFFFFF)).astype(np.int32) % np.int32(count)


def keys_of(batch: pa.RecordBatch | pa.Table) -> pa.Array:
    """The partition key of every movement or profile: ``customer_id``, else ``account_id``."""
    keys = pc.coalesce(batch.column("customer_id"), batch.column("account_id"))
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
