"""The newest movements of an account that has something to show, by event id, in a block of bytes that grows with them.

A block is a row of entries, oldest first: length, tags, id. Terminals stand before the movements. A full block first
forgets movements beyond the newest 20 of a side, and moves to a longer one where seven eighths of it are still used.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.jit import apart, inner
from detector.features.layout import EVIDENCE_BYTES, EVIDENCE_SLOTS, MOST_TERMINALS, TAG_DEBIT, TAG_TERMINAL
from detector.features.memory import EVIDENCE, FREE_EVIDENCE

UNIT: Final = 16
SIZES: Final = np.array([96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, EVIDENCE_BYTES], np.int64)
_TERMINAL_BYTES: Final = np.int64(10)


@inner
def _take_block(evidence: Any, counters: Any, size_class: Any) -> Any:
    """Byte where a free block of a size class, or a new one, begins; the caller makes sure of room."""
    head = counters[FREE_EVIDENCE + size_class]
    if head >= 0:
        following = np.int64(0)
        for k in range(8):
            following |= np.int64(evidence[head + k]) << (8 * k)
        counters[FREE_EVIDENCE + size_class] = following
        return head
    at = counters[EVIDENCE]
    counters[EVIDENCE] = at + SIZES[size_class]
    return at


@inner
def _free_block(evidence: Any, counters: Any, at: Any, size_class: Any) -> None:
    following = counters[FREE_EVIDENCE + size_class]
    for k in range(8):
        evidence[at + k] = following >> (8 * k) & 255
    counters[FREE_EVIDENCE + size_class] = at


@inner
def begin_remembering(m: Any, a: Any) -> None:
    """Give an account its first block."""
    a.evidence = _take_block(m.evidence, m.counters, 0) // UNIT
    a.evidence_class = 0
    a.evidence_used = 0


@apart
def _forget_older(evidence: Any, a: Any) -> None:
    """Drop movements beyond the newest ``EVIDENCE_SLOTS`` of each side and close the gaps."""
    at, used = np.int64(a.evidence) * UNIT, np.int64(a.evidence_used)
    excess_in, excess_out = -EVIDENCE_SLOTS, -EVIDENCE_SLOTS
    k = 0
    while k < used:
        tags = evidence[at + k + 1]
        if tags & TAG_TERMINAL == 0:
            if tags & TAG_DEBIT:
                excess_out += 1
            else:
                excess_in += 1
        k += 2 + evidence[at + k]
    k, to = 0, 0
    while k < used:
        tags, size = evidence[at + k + 1], 2 + evidence[at + k]
        drop = False
        if tags & TAG_TERMINAL == 0:
            if tags & TAG_DEBIT:
                drop = excess_out > 0
                excess_out -= 1
            else:
                drop = excess_in > 0
                excess_in -= 1
        if not drop:
            if to < k:
                for byte in range(size):
                    evidence[at + to + byte] = evidence[at + k + byte]
            to += size
        k += size
    a.evidence_used = to


@inner
def _make_room(m: Any, a: Any, need: Any) -> None:
    if a.evidence_used + need > SIZES[a.evidence_class]:
        _lengthen(m.evidence, m.counters, a, need)


@apart
def _lengthen(evidence: Any, counters: Any, a: Any, need: Any) -> None:
    """Forget what is not needed, and move to a longer block where that is not enough."""
    _forget_older(evidence, a)
    size_class, wanted = np.int64(a.evidence_class), np.int64(a.evidence_used) + need
    while size_class < len(SIZES) - 1 and 8 * wanted > 7 * SIZES[size_class]:
        size_class += 1
    if size_class == a.evidence_class:
        return
    old, new = np.int64(a.evidence) * UNIT, _take_block(evidence, counters, size_class)
    for k in range(a.evidence_used):
        evidence[new + k] = evidence[old + k]
    _free_block(evidence, counters, old, np.int64(a.evidence_class))
    a.evidence = new // UNIT
    a.evidence_class = size_class


@inner
def remember_event(m: Any, a: Any, x: Any, i: Any, tags: Any) -> None:
    """Append the movement's event id."""
    first = x.event_at[i]
    length = x.event_at[i + 1] - first
    _make_room(m, a, 2 + length)
    at = np.int64(a.evidence) * UNIT + a.evidence_used
    m.evidence[at] = length
    m.evidence[at + 1] = tags if x.credit[i] else tags | TAG_DEBIT
    for k in range(length):
        m.evidence[at + 2 + k] = x.event_ids[first + k]
    a.evidence_used += 2 + length


@inner
def terminals_of(m: Any, a: Any) -> Any:
    """How many different terminals or merchant numbers are remembered, ``MOST_TERMINALS`` at most."""
    at, count = np.int64(a.evidence) * UNIT, 0
    while count * _TERMINAL_BYTES < a.evidence_used and m.evidence[at + count * _TERMINAL_BYTES + 1] & TAG_TERMINAL:
        count += 1
    return count


@inner
def remember_terminal(m: Any, a: Any, terminal: Any) -> None:
    """Note a terminal or merchant number before the movements."""
    count = terminals_of(m, a)
    at = np.int64(a.evidence) * UNIT
    for known in range(count):
        same = True
        for k in range(8):
            same &= m.evidence[at + known * _TERMINAL_BYTES + 2 + k] == np.uint8(terminal >> np.uint64(8 * k) & np.uint64(255))
        if same:
            return
    if count == MOST_TERMINALS:
        return
    _make_room(m, a, _TERMINAL_BYTES)
    at = np.int64(a.evidence) * UNIT
    here = at + count * _TERMINAL_BYTES
    for k in range(at + a.evidence_used - 1, here - 1, -1):
        m.evidence[k + _TERMINAL_BYTES] = m.evidence[k]
    m.evidence[here] = 8
    m.evidence[here + 1] = TAG_TERMINAL
    for k in range(8):
        m.evidence[here + 2 + k] = np.uint8(terminal >> np.uint64(8 * k) & np.uint64(255))
    a.evidence_used += _TERMINAL_BYTES


@inner
def copy_remembered(m: Any, a: Any, out: Any) -> None:
    """Copy the block, behind two bytes that say how many follow."""
    at, used = np.int64(a.evidence) * UNIT, np.int64(a.evidence_used)
    out[0] = used & 255
    out[1] = used >> 8
    for k in range(used):
        out[2 + k] = m.evidence[at + k]
