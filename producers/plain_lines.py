"""Lines without a quote straight into string columns: separators found eight bytes at a time, cells copied as words.

A general parser spends most of a plain file's time on what it does not have. What is not plain is left to that parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numba.cpython.unsafe.numbers import trailing_zeros

from contract.kernels import inner, loop

_SEVENS: Final = np.uint64(0x7F7F7F7F7F7F7F7F)
_ONES: Final = np.uint64(0x0101010101010101)
_WORD: Final = 8
_MOST_BYTES: Final = 2**31 - 64
_NEWLINE: Final = 10


@inner
def _is_byte(word: Any, pattern: Any) -> Any:
    """The highest bit of each byte of ``word`` that equals that of ``pattern``, exactly."""
    other = word ^ pattern
    return ~(((other & _SEVENS) + _SEVENS) | other | _SEVENS)


@loop
def _find_ends(words: Any, delimiter: Any, ends: Any) -> Any:
    """Places of delimiters and line breaks in order; returns how many, and how many of them are line breaks.

    ``ends`` has room for one a byte.
    """
    found, breaks = 0, 0
    delimiters, newlines = delimiter * _ONES, np.uint64(_NEWLINE) * _ONES
    for at in range(len(words)):
        lines = _is_byte(words[at], newlines)
        hits = _is_byte(words[at], delimiters) | lines
        while lines != 0:
            breaks += 1
            lines &= lines - np.uint64(1)
        while hits != 0:
            ends[found] = _WORD * at + (trailing_zeros(hits) >> 3)  # type: ignore[call-arg]  # numba adds one to an intrinsic
            found += 1
            hits &= hits - np.uint64(1)
    return found, breaks


@loop
def _copy_cells(words: Any, ends: Any, slots: Any, texts: Any, offsets: Any) -> None:
    """Copy every cell of a wanted column behind the last one of its column, in words: what is beyond is overwritten.

    Places are unsigned, since a signed one is asked at each use whether it counts from the end.
    """
    one, word, two = np.uint64(1), np.uint64(_WORD), np.uint64(2 * _WORD)
    written = np.zeros(len(offsets), np.uint64)
    first, at = np.uint64(0), np.uint64(0)
    for row in range(1, offsets.shape[1]):
        for column in range(len(slots)):
            last = np.uint64(ends[at])
            at += one
            if slots[column] >= 0:
                slot = np.uint64(slots[column])
                length = last - first
                to = written[slot]
                if length > 0:
                    texts[slot, to] = words[first]
                    if length > word:
                        # Two words hold most cells: without a loop they are copied side by side.
                        texts[slot, to + word] = words[first + word]
                        done = two
                        while done < length:
                            texts[slot, to + done] = words[first + done]
                            done += word
                    to += length
                    written[slot] = to
                offsets[slot, row] = to
            first = last + one


def _unaligned(buffer: Any, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """64-bit words that begin at every byte."""
    return np.ndarray(shape, np.uint64, buffer, 0, strides)


class PlainLines:
    """Reads blocks of lines under one header; ``wanted`` are the columns that are kept, in the header's order.

    Keeps room for the largest block so far: address space a wanted column, memory only as much as is written.
    """

    def __init__(self, names: Sequence[str], wanted: Sequence[str], delimiter: str, *, empty_is_null: bool) -> None:
        self._wanted = list(wanted)
        self._width = len(names)
        self._slots = np.array([self._wanted.index(name) if name in self._wanted else -1 for name in names], np.int32)
        self._delimiter = np.uint64(delimiter.encode()[0])
        self._empty_is_null = empty_is_null
        self._texts = np.empty((0, 0), np.uint8)
        self._ends = np.empty(0, np.int32)

    def table(self, text: bytes) -> pa.Table | None:
        """The block's columns as strings; None unless every line is one row of the header's width without a quote.

        Costs about a nanosecond a byte. ``text`` ends with a line break; its lines may end with ``\\r\\n``.
        """
        if b'"' in text or self._width < 2 or len(text) > _MOST_BYTES:
            return None
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        if len(self._ends) < len(text) + _WORD:
            self._ends = np.empty(len(text) + _WORD, np.int32)
        # Zeros behind the text hold no separator and let the last cell be read in whole words.
        padded = text + bytes(2 * _WORD)
        found, rows = _find_ends(np.frombuffer(padded, np.uint64, len(text) // _WORD + 1), self._delimiter, self._ends)
        ends = self._ends[:found]
        if (
            found != rows * self._width
            or (np.frombuffer(padded, np.uint8)[ends[self._width - 1 :: self._width]] != _NEWLINE).any()
        ):
            return None
        return self._columns(padded, ends, rows)

    def _columns(self, padded: bytes, ends: Any, rows: int) -> pa.Table:
        room = len(padded)
        if self._texts.shape[1] < room:
            self._texts = np.empty((len(self._wanted), room), np.uint8)
        texts = self._texts
        offsets = np.zeros((len(self._wanted), rows + 1), np.int32)
        words = _unaligned(padded, (room - _WORD + 1,), (1,))
        room = texts.shape[1]
        _copy_cells(words, ends, self._slots, _unaligned(texts, (len(texts), room - _WORD + 1), (room, 1)), offsets)
        columns = [self._column(at, text) for at, text in zip(offsets, texts, strict=True)]
        return pa.table(columns, names=self._wanted)

    def _column(self, offsets: Any, text: Any) -> pa.Array:
        count = len(offsets) - 1
        validity, empty = None, 0
        if self._empty_is_null:
            there = offsets[1:] != offsets[:-1]
            empty = count - int(np.count_nonzero(there))
            if empty == count:
                return pa.nulls(count, pa.string())
            validity = pa.py_buffer(np.packbits(there, bitorder="little")) if empty else None
        data = text[: offsets[-1]].copy()
        return pa.Array.from_buffers(pa.string(), count, [validity, pa.py_buffer(offsets), pa.py_buffer(data)], empty)
