"""The newest movements of an account that has something to show, by event id, in a block of bytes that grows with them.

A block is a row of entries: terminals, a pattern, and movements, oldest first. One institution's ids are alike (a date, a
branch, a running number), so the first one is the pattern of the block, and of another one of its length only the
characters that differ are kept: a bit a character says which, four bits each where they are digits or A to F. An id that
would be longer so is kept whole. The first byte of an entry holds the movement's tags and the entry's form.

A full block first forgets movements beyond the newest 20 of a side, and moves to a longer one where seven eighths of it
are still used.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.jit import apart, inner
from detector.features.layout import EVIDENCE_BYTES, EVIDENCE_SLOTS, MOST_TERMINALS, TAG_ANY, TAG_DEBIT, TAG_TERMINAL
from detector.features.memory import EVIDENCE, FREE_EVIDENCE

UNIT: Final = 16
SIZES: Final = np.array([48, 80, 128, 192, 256, 320, 384, 512, 768, 1536, 2560, EVIDENCE_BYTES], np.int64)
_TERMINAL_BYTES: Final = np.int64(9)
_TAGS: Final = 31
_FORM: Final = 5
"""Bits of the tags, below those of the form."""
_WHOLE, _PATTERN, _BYTES, _UPPER, _LOWER = range(5)
"""Forms: an id as it is; the pattern, which is no movement; what differs from it as it is, or as half bytes."""
MOST_PATTERN: Final = 40
"""Characters of the longest pattern: with it, 41 of the longest ids and all terminals fill the longest block."""
_ZERO: Final = ord("0")
_UPPER_TEN: Final = ord("A") - 10
_LOWER_TEN: Final = ord("a") - 10


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


@inner
def free_remembered(m: Any, a: Any) -> None:
    """Give an account's block back: it remembers nothing."""
    if a.evidence >= 0:
        _free_block(m.evidence, m.counters, np.int64(a.evidence) * UNIT, np.int64(a.evidence_class))
        a.evidence = -1
        a.evidence_class = 0
        a.evidence_used = 0


def whole_entry(name: str, tags: int) -> bytes:
    """An entry as the loop writes one that has no pattern."""
    return bytes((tags & _TAGS, len(name))) + name.encode("ascii")


@inner
def _pattern_of(evidence: Any, at: Any, used: Any) -> Any:
    """Where the pattern of a block stands behind its terminals, from its begin; -1 where it has none."""
    k = np.int64(0)
    while k < used and evidence[at + k] & TAG_TERMINAL:
        k += _TERMINAL_BYTES
    return k if k < used and evidence[at + k] >> _FORM == _PATTERN else np.int64(-1)


@inner
def _entry_bytes(evidence: Any, here: Any, length: Any) -> Any:
    """Bytes of the entry that begins at ``here`` in a block whose pattern has ``length`` characters."""
    first = np.int64(evidence[here])
    if first & TAG_TERMINAL:
        return np.int64(_TERMINAL_BYTES)
    form = first >> _FORM
    if form <= _PATTERN:
        return np.int64(2) + evidence[here + 1]
    marks, differing = (length + 7) // 8, np.int64(0)
    for k in range(marks):
        bits = np.int64(evidence[here + 1 + k])
        while bits:
            bits &= bits - 1
            differing += 1
    return 1 + marks + (differing if form == _BYTES else (differing + 1) // 2)


@inner
def _is_movement(first: Any) -> Any:
    return first & TAG_TERMINAL == 0 and first >> _FORM != _PATTERN


@inner
def _too_old(evidence: Any, at: Any, used: Any, length: Any) -> Any:
    """How many credits and how many debits stand before the newest ``EVIDENCE_SLOTS`` of each; negative where none do."""
    excess_in, excess_out, k = np.int64(-EVIDENCE_SLOTS), np.int64(-EVIDENCE_SLOTS), np.int64(0)
    while k < used:
        first = np.int64(evidence[at + k])
        if _is_movement(first):
            if first & TAG_DEBIT:
                excess_out += 1
            else:
                excess_in += 1
        k += _entry_bytes(evidence, at + k, length)
    return excess_in, excess_out


@apart
def _forget_older(evidence: Any, a: Any) -> None:
    """Drop movements beyond the newest ``EVIDENCE_SLOTS`` of each side and close the gaps."""
    at, used = np.int64(a.evidence) * UNIT, np.int64(a.evidence_used)
    pattern = _pattern_of(evidence, at, used)
    length = np.int64(evidence[at + pattern + 1]) if pattern >= 0 else np.int64(0)
    excess_in, excess_out = _too_old(evidence, at, used, length)
    k, to = np.int64(0), np.int64(0)
    while k < used:
        first, size = np.int64(evidence[at + k]), _entry_bytes(evidence, at + k, length)
        drop = False
        if _is_movement(first):
            if first & TAG_DEBIT:
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
def _is_half(byte: Any, ten: Any) -> Any:
    """Whether a character is a digit or one of the six letters from ``ten`` + 10 on."""
    return (byte >= _ZERO and byte < _ZERO + 10) or (byte >= ten + 10 and byte < ten + 16)


@inner
def remember_event(m: Any, a: Any, x: Any, i: Any, tags: Any) -> None:
    """Append the movement's event id."""
    first = x.event_at[i]
    length = np.int64(x.event_at[i + 1] - first)
    _make_room(m, a, 2 + length)
    own = np.int64(tags & _TAGS if x.credit[i] else tags & _TAGS | TAG_DEBIT)
    begin, used = np.int64(a.evidence) * UNIT, np.int64(a.evidence_used)
    pattern = _pattern_of(m.evidence, begin, used)
    size, form = 2 + length, _WHOLE
    if pattern >= 0 and m.evidence[begin + pattern + 1] == length:
        differing, upper, lower = np.int64(0), True, True
        for k in range(length):
            byte = x.event_ids[first + k]
            if byte != m.evidence[begin + pattern + 2 + k]:
                differing += 1
                upper &= _is_half(byte, _UPPER_TEN)
                lower &= _is_half(byte, _LOWER_TEN)
        short = 1 + (length + 7) // 8 + ((differing + 1) // 2 if upper or lower else differing)
        if short < size:
            size, form = short, _UPPER if upper else _LOWER if lower else _BYTES
    at = begin + used
    m.evidence[at] = own | form << _FORM
    if form == _WHOLE:
        m.evidence[at + 1] = length
        for k in range(length):
            m.evidence[at + 2 + k] = x.event_ids[first + k]
    else:
        _put_differing(m, x, first, length, begin + pattern + 2, at + 1, form)
    a.evidence_used = used + size
    if used == 0 and length <= MOST_PATTERN:
        _begin_with_pattern(m, a, length)


@inner
def _begin_with_pattern(m: Any, a: Any, length: Any) -> None:
    """Make the only movement of a block its pattern, and name it by that; the shortest block has room for both."""
    at = np.int64(a.evidence) * UNIT
    own, marks = np.int64(m.evidence[at]), (length + 7) // 8
    m.evidence[at] = _PATTERN << _FORM
    m.evidence[at + 2 + length] = own | _UPPER << _FORM
    for k in range(marks):
        m.evidence[at + 3 + length + k] = 0
    a.evidence_used = 3 + length + marks


@inner
def _put_differing(m: Any, x: Any, first: Any, length: Any, pattern: Any, at: Any, form: Any) -> None:
    """Write which characters differ from those at ``pattern``, then them."""
    marks = (length + 7) // 8
    for k in range(marks):
        m.evidence[at + k] = 0
    to, is_second, ten = at + marks, False, _UPPER_TEN if form == _UPPER else _LOWER_TEN
    for k in range(length):
        byte = x.event_ids[first + k]
        if byte == m.evidence[pattern + k]:
            continue
        m.evidence[at + k // 8] |= 1 << k % 8
        if form == _BYTES:
            m.evidence[to] = byte
            to += 1
        else:
            half = byte - (_ZERO if byte < _ZERO + 10 else ten)
            m.evidence[to] = m.evidence[to] | half << 4 if is_second else half
            to += is_second
            is_second = not is_second


@inner
def terminals_of(m: Any, a: Any) -> Any:
    """How many different terminals or merchant numbers are remembered, ``MOST_TERMINALS`` at most."""
    at, count = np.int64(a.evidence) * UNIT, 0
    while count * _TERMINAL_BYTES < a.evidence_used and m.evidence[at + count * _TERMINAL_BYTES] & TAG_TERMINAL:
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
            same &= m.evidence[at + known * _TERMINAL_BYTES + 1 + k] == np.uint8(terminal >> np.uint64(8 * k) & np.uint64(255))
        if same:
            return
    if count == MOST_TERMINALS:
        return
    _make_room(m, a, _TERMINAL_BYTES)
    at = np.int64(a.evidence) * UNIT
    here = at + count * _TERMINAL_BYTES
    for k in range(at + a.evidence_used - 1, here - 1, -1):
        m.evidence[k + _TERMINAL_BYTES] = m.evidence[k]
    m.evidence[here] = TAG_TERMINAL
    for k in range(8):
        m.evidence[here + 1 + k] = np.uint8(terminal >> np.uint64(8 * k) & np.uint64(255))
    a.evidence_used += _TERMINAL_BYTES


@inner
def copy_remembered(m: Any, a: Any, out: Any) -> None:
    """Write out the newest movements of each side, oldest first, behind two bytes that say how many bytes they take.

    Each is its id's length, its tags and the id.
    """
    begin, used = np.int64(a.evidence) * UNIT, np.int64(a.evidence_used)
    pattern = _pattern_of(m.evidence, begin, used)
    length = np.int64(m.evidence[begin + pattern + 1]) if pattern >= 0 else np.int64(0)
    excess_in, excess_out = _too_old(m.evidence, begin, used, length)
    k, to = np.int64(0), np.int64(2)
    while k < used:
        here, first = begin + k, np.int64(m.evidence[begin + k])
        if _is_movement(first):
            if first & TAG_DEBIT:
                is_new = excess_out <= 0
                excess_out -= 1
            else:
                is_new = excess_in <= 0
                excess_in -= 1
            if is_new:
                to += _copy_entry(m.evidence, here, begin + pattern + 2, length, out, to)
        k += _entry_bytes(m.evidence, here, length)
    out[0] = (to - 2) & 255
    out[1] = (to - 2) >> 8


@inner
def _copy_entry(evidence: Any, here: Any, pattern: Any, length: Any, out: Any, to: Any) -> Any:
    """Write one movement's length, tags and id, and return how many bytes that are."""
    first = np.int64(evidence[here])
    form = first >> _FORM
    out[to + 1] = first & _TAGS | TAG_ANY
    if form == _WHOLE:
        whole = np.int64(evidence[here + 1])
        out[to] = whole
        for k in range(whole):
            out[to + 2 + k] = evidence[here + 2 + k]
        return 2 + whole
    out[to] = length
    read, is_second, ten = here + 1 + (length + 7) // 8, False, _UPPER_TEN if form == _UPPER else _LOWER_TEN
    for k in range(length):
        if evidence[here + 1 + k // 8] >> k % 8 & 1 == 0:
            out[to + 2 + k] = evidence[pattern + k]
        elif form == _BYTES:
            out[to + 2 + k] = evidence[read]
            read += 1
        else:
            half = np.int64(evidence[read]) >> 4 if is_second else np.int64(evidence[read]) & 15
            out[to + 2 + k] = half + (_ZERO if half < 10 else ten)
            read += is_second
            is_second = not is_second
    return 2 + length
