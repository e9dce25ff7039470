"""Ids: printable ASCII of 1 to 96 characters, and never a person's or card's number in clear."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.columns import absent
from contract.hashing import utf8, words_of
from contract.kernels import inner, loop

GOOD, BAD, IN_CLEAR = range(3)
MOST: Final = 96
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
"""GB 11643: weights and check characters of an 18-character resident identity number."""
_ONES: Final = np.uint64(0x0101010101010101)
_HIGHEST: Final = np.uint64(0x8080808080808080)
_UP_TO_HIGHEST: Final = np.uint64(0x5F5F5F5F5F5F5F5F)


@inner
def _luhn(data: Any, first: Any, last: Any) -> Any:
    total = 0
    for k in range(last - first):
        digit = data[last - 1 - k] - 48
        doubled = 2 * digit - 9 if digit > 4 else 2 * digit
        total += doubled if k % 2 else digit
    return total % 10 == 0


@inner
def _resident(data: Any, first: Any) -> Any:
    total = 0
    for k in range(17):
        total += (np.int64(data[first + k]) - 48) * _WEIGHTS[k]
    last = data[first + 17]
    return _CHECKS[total % 11] == (last if last != 120 else 88)


@inner
def _is_printable(word: Any) -> Any:
    """Whether all eight bytes lie in 0x21–0x7E: none above, and each reaches the highest bit by what 0x21 lacks of it."""
    return ((word | (word + _ONES)) & _HIGHEST) == 0 and ((word + _UP_TO_HIGHEST) & _HIGHEST) == _HIGHEST


@inner
def _all_printable(data: Any, words: Any, first: Any, last: Any) -> Any:
    at = np.int64(first)
    while at + 8 <= last:
        if not _is_printable(words[at]):
            return False
        at += 8
    while at < last and 0x21 <= data[at] <= 0x7E:
        at += 1
    return at == last


@inner
def _digits(data: Any, first: Any, last: Any) -> Any:
    """Digits before the first byte that is none."""
    at = first
    while at < last and 48 <= data[at] <= 57:
        at += 1
    return at - first


@inner
def _is_number_in_clear(data: Any, first: Any, last: Any) -> Any:
    length = last - first
    if not 12 <= length <= 19 or not 48 <= data[first] <= 57:
        return False
    digits = _digits(data, first, last)
    if digits == length and _luhn(data, first, last):
        return True
    closing = data[last - 1]
    return length == 18 and (digits == 18 or (digits == 17 and closing in (88, 120))) and _resident(data, first)


@loop
def _judge(offsets: Any, data: Any, words: Any, clear: Any, out: Any) -> None:
    for i in range(len(out)):
        first, last = offsets[i], offsets[i + 1]
        if not 1 <= last - first <= MOST or not _all_printable(data, words, first, last):
            out[i] = BAD
        elif clear and _is_number_in_clear(data, first, last):
            out[i] = IN_CLEAR


def judge(column: pa.Array, *, in_clear: bool = True) -> Any:
    """``GOOD``, ``BAD`` or ``IN_CLEAR`` (uint8) for every value of a string column; nulls are ``GOOD``.

    ``IN_CLEAR``: an 18-character resident identity number with a right check character, or 12–19 digits that pass
    Luhn, as card numbers do. Costs about 10 ns a value.

    >>> judge(pa.array(["a:xyz", "two words", "341302195501010014"])).tolist()
    [0, 1, 2]
    """
    out = np.zeros(len(column), np.uint8)
    if len(column):
        offsets, data = utf8(column)
        _judge(offsets, data, words_of(data), in_clear, out)
        if column.null_count:
            out[absent(column)] = GOOD
    return out
