"""The holder that profiles name for an account of an institution, looked up for a whole block at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.hashing import hash64, utf8
from contract.kernels import inner, loop
from producers.known_holders import KnownHolders


@inner
def _key(account: Any, institution: Any) -> Any:
    """One key of an account of an institution; 0 is left for free slots."""
    key = (account ^ (institution * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
    return key ^ (key >> np.uint64(29)) | np.uint64(1)


@inner
def _slot(keys: Any, key: Any) -> Any:
    mask = np.uint64(len(keys) - 1)
    slot = (key >> np.uint64(1)) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@loop
def _enter(accounts: Any, institutions: Any, keys: Any, places: Any) -> None:
    for at in range(len(accounts)):
        key = _key(accounts[at], institutions[at])
        slot = _slot(keys, key)
        keys[slot] = key
        places[slot] = at


@loop
def _find(accounts: Any, institutions: Any, keys: Any, places: Any, out: Any) -> None:
    for at in range(len(accounts)):
        slot = _slot(keys, _key(accounts[at], institutions[at]))
        out[at] = places[slot] if keys[slot] != 0 else -1


class HolderTable:
    """Accounts of all institutions by the hash of both, at most half full; about 40 ns a row of a block."""

    def __init__(self, known: Mapping[str, KnownHolders]) -> None:
        accounts = [one.accounts for one in known.values()]
        codes = [pa.repeat(code, len(one.accounts)) for code, one in known.items()]
        self._count = sum(map(len, accounts))
        self._holders = pa.concat_arrays([one.first_holders for one in known.values()]) if known else pa.array([], pa.string())
        # The last entry stands for an account that no profile names.
        self._hashes = np.append(hash64(self._holders), np.uint64(0))
        size = 1 << max(4, (2 * self._count).bit_length())
        self._keys, self._places = np.zeros(size, np.uint64), np.zeros(size, np.int32)
        if known:
            _enter(hash64(pa.concat_arrays(accounts)), hash64(pa.concat_arrays(codes)), self._keys, self._places)

    def __bool__(self) -> bool:
        return self._count > 0

    def filled(self, accounts: pa.Array, codes: pa.Array, own: pa.Array | None) -> tuple[pa.Array, Any]:
        """``own`` holders with those of the profiles where it names none (an empty text is none), and which rows name another."""
        place = np.empty(len(accounts), np.int32)
        _find(hash64(accounts), hash64(codes), self._keys, self._places, place)
        named = self._hashes[place]
        if own is None:
            return self._taken(place), np.zeros(len(accounts), np.bool_)
        offsets = utf8(own)[0]
        if np.count_nonzero(offsets[1:] == offsets[:-1]) > own.null_count:
            own = pc.if_else(pc.equal(own, ""), pa.scalar(None, pa.string()), own)
        said = hash64(own)
        if ((said == 0) & (named != 0)).any():
            own = pc.coalesce(own, self._taken(place))
        return own, (said != named) & (said != 0) & (named != 0)

    def _taken(self, place: Any) -> pa.Array:
        return self._holders.take(pa.array(place, mask=place < 0))
