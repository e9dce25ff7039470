"""The subjects that are on the watch list now, as the 64-bit keys that pairs and accounts are known by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from contract.hashing import hash64
from contract.watchlist import FOUND, KINDS, WatchEntry

_CHUNK: Final = 1 << 20
_BITS: Final = 1 << 20
"""Cells of the sieve that most keys fail at: a megabyte, which stays in cache."""


class Watched:
    """Keys with the kind of their finding (place in ``KINDS`` plus one); about 200 bytes a subject and a megabyte of sieve."""

    def __init__(self) -> None:
        self.keys = np.zeros(0, np.uint64)
        self.kinds = np.zeros(0, np.int8)
        self._subjects: dict[int, str] = {}
        self._sieve: Any = None

    def __len__(self) -> int:
        return len(self.keys)

    def after(self, entries: Sequence[WatchEntry]) -> Watched:
        """The list with entries in order applied: the newest word about a subject holds."""
        hashes = hash64(pa.array([entry.subject for entry in entries], pa.string())).tolist()
        newest = dict(zip(hashes, entries, strict=True))
        found = dict(zip(self.keys.tolist(), self.kinds.tolist(), strict=True))
        for key, entry in newest.items():
            found.pop(key, None)
            if entry.status == FOUND:
                found[key] = KINDS.index(entry.kind) + 1
        after = Watched()
        after._subjects = {key: newest[key].subject if key in newest else self._subjects[key] for key in found}
        after.keys = np.array(sorted(found), np.uint64)
        after.kinds = np.array([found[key] for key in sorted(found)], np.int8)
        return after

    def kind_of(self, keys: Any) -> Any:
        """Kind of each key (int8), 0 for one that is not on the list."""
        if not len(self):
            return np.zeros(len(keys), np.int8)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        return np.where(self.keys[at] == keys, self.kinds[at], 0).astype(np.int8)

    def among(self, column: Any) -> Any:
        """Places in ``column`` (uint64, may be strided) of keys on the list; about 10 ns a key."""
        if not len(self):
            return np.zeros(0, np.int64)
        if self._sieve is None:
            self._sieve = np.zeros(_BITS, np.bool_)
            self._sieve[_cell(self.keys)] = True
        found = []
        for start in range(0, len(column), _CHUNK):
            part = np.ascontiguousarray(column[start : start + _CHUNK])
            maybe = np.flatnonzero(self._sieve[_cell(part)])
            found.append(start + maybe[self.kind_of(part[maybe]) > 0])
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def subjects(self, keys: Any) -> list[str]:
        """Subjects of keys that are on the list, in name order."""
        return sorted(self._subjects[key] for key in keys.tolist())

    def state(self) -> dict[str, Any]:
        """All of it."""
        return {"keys": self.keys, "kinds": self.kinds, "subjects": msgspec.msgpack.encode(self._subjects)}

    @classmethod
    def restored(cls, parts: dict[str, Any]) -> Watched:
        """What ``state`` gave."""
        watched = cls()
        watched.keys, watched.kinds = np.array(parts["keys"], np.uint64), np.array(parts["kinds"], np.int8)
        watched._subjects = msgspec.msgpack.decode(bytes(parts["subjects"]), type=dict[int, str])
        return watched


def _cell(keys: Any) -> Any:
    # Keys are hashes: any bits of them are as good as others.
    return (keys & np.uint64(_BITS - 1)).astype(np.int64)
