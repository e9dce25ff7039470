"""A state in chunks: those that a checkpoint before has already are named, not written again."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
import numpy as np

CHUNK: Final = 256 * 1024
"""Bytes that are written again where one of them has changed."""
MOST_READ: Final = 32 * 1024 * 1024
_BYTES: Final = "bytes"


class Part(msgspec.Struct, frozen=True):
    """Where an array's (or bytes') chunks lie: by chunk the object's place in the manifest's list, byte and SHA-256."""

    dtype: str
    shape: list[int]
    objects: list[int] = []
    offsets: list[int] = []
    digests: list[str] = []


class Damaged(Exception):
    """A chunk is not what its checksum says."""


def _view(value: Any) -> tuple[str, list[int], memoryview]:
    """Type, shape and plain bytes of a part; no copy where the array lies in one piece."""
    if isinstance(value, bytes):
        return _BYTES, [len(value)], memoryview(value)
    array = np.ascontiguousarray(value)
    raw = array.reshape(-1).view(np.uint8) if array.size else np.zeros(0, np.uint8)
    return repr(np.lib.format.dtype_to_descr(array.dtype)), list(array.shape), raw.data


def pack(state: dict[str, Any], write: Callable[[Any], object], own: int, known: dict[str, Part]) -> dict[str, Part]:
    """Write what ``known`` lacks by ``write``, one chunk after another, and say where all parts lie.

    ``own`` is the place of the object that is written. About 1.6 GB a second are looked at, and only what has changed
    is written.
    """
    parts, at = {}, 0
    for name, value in state.items():
        dtype, shape, data = _view(value)
        before = known.get(name, Part(dtype, []))
        part = Part(dtype, shape, [], [], [])
        for number, start in enumerate(range(0, len(data), CHUNK)):
            chunk = data[start : start + CHUNK]
            digest = hashlib.sha256(chunk).hexdigest()
            if number < len(before.digests) and before.digests[number] == digest:
                part.objects.append(before.objects[number])
                part.offsets.append(before.offsets[number])
            else:
                part.objects.append(own)
                part.offsets.append(at)
                write(chunk)
                at += len(chunk)
            part.digests.append(digest)
        parts[name] = part
    return parts


def _runs(part: Part, size: int) -> Iterator[tuple[int, int, int, int]]:
    """Chunks that lie one behind the other, as (first chunk, object, offset, bytes)."""
    first, length = 0, 0
    for k in range(len(part.digests)):
        own = min(CHUNK, size - k * CHUNK)
        follows = part.objects[k] == part.objects[first] and part.offsets[k] == part.offsets[first] + length
        if length and (not follows or length + own > MOST_READ):
            yield first, part.objects[first], part.offsets[first], length
            first, length = k, 0
        length += own
    if length:
        yield first, part.objects[first], part.offsets[first], length


def _dtype(text: str) -> Any:
    return np.dtype(np.uint8) if text == _BYTES else np.lib.format.descr_to_dtype(ast.literal_eval(text))


def unpack(parts: dict[str, Part], read: Callable[[int, int, int], bytes]) -> dict[str, Any]:
    """The state that was packed; ``read`` gives bytes by object, offset and length. Raises ``Damaged``."""
    state: dict[str, Any] = {}
    for name, part in parts.items():
        dtype = _dtype(part.dtype)
        size = int(np.prod(part.shape, dtype=np.int64)) * dtype.itemsize
        if not len(part.digests) == len(part.objects) == len(part.offsets) == -(-size // CHUNK):
            raise Damaged
        raw = np.empty(size, np.uint8)
        for first, place, offset, length in _runs(part, size):
            data = memoryview(read(place, offset, length))
            if len(data) != length:
                raise Damaged
            for k, at in enumerate(range(0, length, CHUNK)):
                if hashlib.sha256(data[at : at + CHUNK]).hexdigest() != part.digests[first + k]:
                    raise Damaged
            raw[first * CHUNK : first * CHUNK + length] = data
        state[name] = raw.tobytes() if part.dtype == _BYTES else raw.view(dtype).reshape(part.shape)
    return state
