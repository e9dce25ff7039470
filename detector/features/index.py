"""Indexes that grow a little at a time: segments of open addressing behind a directory, each split when it fills up.

A table that doubles at once stops the stream for as long as all its keys take; a segment has 4,096 slots. A slot costs five
bytes, a byte of the key's hash and the row; segments are 44 to 88 % full, so a key costs 5.7 to 11.4 bytes.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.jit import apart, inner
from detector.features.reserve import reserved

SLOTS: Final = 4096
MOST: Final = SLOTS * 7 // 8
"""A segment with more slots taken is split, or written anew where enough of them are gone."""
GONE: Final = np.uint8(255)
"""Mark of a slot whose key was taken out: a search goes on behind it."""
MOST_KEPT: Final = SLOTS * 5 // 8
"""Keys of a full segment up to which it is written anew in its place."""
_SHIFT: Final = np.uint64(12)
_WITHIN: Final = np.uint64(SLOTS - 1)
_MARK_SHIFT: Final = np.uint64(57)
DEPTH, SEGMENTS = range(2)
"""Positions in ``Index.meta``."""


class Index(NamedTuple):
    """Hash to row. The directory is read by the hash's bits above those of the slot."""

    marks: Any  # uint8 a slot, 0 empty, else from the hash's highest bits
    rows: Any  # int32 a slot
    directory: Any  # int32 segments, 2**depth of them in use
    fill: Any  # int32, keys and depth a segment
    meta: Any  # int64, DEPTH and SEGMENTS
    spare: Any  # int32, rows of the segment that is being split
    hashes: Any  # uint64, theirs


def empty_index(segments: int) -> Index:
    """An index with one segment and address space for ``segments``."""
    most = 1 << max(segments - 1, 1).bit_length() + 4
    return Index(
        marks=reserved(segments * SLOTS, 4 * SLOTS, np.uint8),
        rows=reserved(segments * SLOTS, 4 * SLOTS, np.int32),
        directory=reserved(most, 256, np.int32),
        fill=reserved(2 * segments, 8, np.int32),
        meta=np.array([0, 1], np.int64),
        spare=np.zeros(SLOTS, np.int32),
        hashes=np.zeros(SLOTS, np.uint64),
    )


def nbytes(index: Index) -> int:
    """Bytes of the segments in use and of the directory."""
    segments = int(index.meta[SEGMENTS])
    slots = SLOTS * segments * (1 + index.rows.itemsize * (len(index.rows) > 0))
    return int(slots) + 8 * segments + 4 * (1 << int(index.meta[DEPTH])) + int(index.spare.nbytes + index.hashes.nbytes)


def grown_index(index: Index) -> Index:
    """The same index with room for twice the segments, where no address space could be reserved."""
    parts = {name: getattr(index, name) for name in ("marks", "rows", "directory", "fill")}
    for name, old in parts.items():
        parts[name] = np.zeros(2 * len(old), old.dtype)
        parts[name][: len(old)] = old
    return index._replace(**parts)


@inner
def is_short(index: Any) -> Any:
    """Whether there is no room for one more segment."""
    return 2 * (index.meta[SEGMENTS] + 2) > len(index.fill) or 2 << index.meta[DEPTH] > len(index.directory)


@inner
def segment_of(index: Any, h: Any) -> Any:
    """Segment of a hash."""
    within = (np.uint64(1) << np.uint64(index.meta[DEPTH])) - np.uint64(1)
    return np.int64(index.directory[(h >> _SHIFT) & within])


@inner
def mark_of(h: Any) -> Any:
    """What a slot shows of its key's hash; never 0."""
    return np.uint8(np.uint64(1) + (h >> _MARK_SHIFT))


@inner
def home(h: Any) -> Any:
    """Place of a hash inside its segment."""
    return np.int64(h & _WITHIN)


@inner
def put(index: Any, h: Any, row: Any) -> None:
    """Add a row under a hash; split its segment afterwards where ``is_crowded``."""
    segment = segment_of(index, h)
    base, k = segment * SLOTS, home(h)
    while index.marks[base + k] != 0:
        k = (k + 1) & (SLOTS - 1)
    index.marks[base + k] = mark_of(h)
    index.rows[base + k] = row
    index.fill[2 * segment] += 1


@inner
def take_out(index: Any, h: Any, row: Any) -> None:
    """Take a row out that was put in under this hash."""
    base, k = segment_of(index, h) * SLOTS, home(h)
    while index.rows[base + k] != row or index.marks[base + k] != mark_of(h):
        k = (k + 1) & (SLOTS - 1)
    index.marks[base + k] = GONE


@inner
def is_taken(mark: Any) -> Any:
    """Whether a slot with this mark holds a row."""
    return mark != 0 and mark != GONE


@inner
def is_crowded(index: Any, h: Any) -> Any:
    """Whether the segment of a hash must be split."""
    return index.fill[2 * segment_of(index, h)] >= MOST


@apart
def divide(index: Any, h: Any) -> Any:
    """Make a second segment of the one of ``h``, both empty in the end; returns the new one."""
    segment = segment_of(index, h)
    depth = index.fill[2 * segment + 1]
    if depth == index.meta[DEPTH]:
        size = 1 << depth
        for i in range(size):
            index.directory[size + i] = index.directory[i]
        index.meta[DEPTH] += 1
    new = index.meta[SEGMENTS]
    index.meta[SEGMENTS] = new + 1
    bit = 1 << depth
    first = np.int64((h >> _SHIFT) & np.uint64(bit - 1)) | bit
    for i in range(first, 1 << index.meta[DEPTH], 2 * bit):
        index.directory[i] = new
    for one in (segment, new):
        index.fill[2 * one] = 0
        index.fill[2 * one + 1] = depth + 1
    return new


@apart
def split(index: Any, h: Any) -> None:
    """Split the segment of ``h``, the hashes of whose rows stand in ``hashes``, a slot each; without those that are gone."""
    segment = segment_of(index, h)
    base, kept = segment * SLOTS, 0
    for k in range(SLOTS):
        holds = is_taken(index.marks[base + k])
        index.spare[k] = index.rows[base + k] if holds else -1
        index.marks[base + k] = 0
        kept += holds
    index.fill[2 * segment] = 0
    if kept > MOST_KEPT:
        divide(index, h)
    for k in range(SLOTS):
        if index.spare[k] >= 0:
            put(index, index.hashes[k], index.spare[k])
