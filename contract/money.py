"""Money on the wire and inside: decimal strings there, int64 minor units here."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.columns import absent, integers
from contract.hashing import utf8
from contract.kernels import inner, loop

AMOUNT_PATTERN: Final = r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"
SIGNED_PATTERN: Final = r"^-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"
_AMOUNT: Final = re.compile(AMOUNT_PATTERN, re.ASCII)
_NONE: Final = np.iinfo(np.int64).min
_MOST_DIGITS: Final = 13


@inner
def _minor(data: Any, first: Any, last: Any) -> Any:
    """Minor units of an unsigned amount, ``_NONE`` where the bytes are none."""
    at, value = first, 0
    while at < last and 48 <= data[at] <= 57:
        value = 10 * value + data[at] - 48
        at += 1
        if at - first > _MOST_DIGITS:
            return _NONE
    if at == first or (data[first] == 48 and at - first > 1):
        return _NONE
    if at == last:
        return 100 * value
    decimals = last - at - 1
    if data[at] != 46 or not 1 <= decimals <= 2:
        return _NONE
    for k in range(at + 1, last):
        if not 48 <= data[k] <= 57:
            return _NONE
        value = 10 * value + data[k] - 48
    return value if decimals == 2 else 10 * value


@loop
def _read(offsets: Any, data: Any, signed: Any, out: Any) -> None:
    for i in range(len(out)):
        first, last = offsets[i], offsets[i + 1]
        if signed and first < last and data[first] == 45:
            minor = _minor(data, first + 1, last)
            out[i] = -minor if minor != _NONE else _NONE
        else:
            out[i] = _minor(data, first, last)


def amount_minor(column: pa.Array, *, signed: bool = False) -> tuple[pa.Array, Any]:
    """Minor units (int64) of a column of decimal strings, and which rows are none (NumPy bool).

    Two decimals at most, ASCII digits only: ``"12.5"`` gives 1250, while ``"1e3"``, ``"１２"``, ``"1_000"`` and,
    unless ``signed``, ``"-5"`` are refused. Zero is an amount here; whether it may be is the caller's to say.
    Nulls stay null and are not bad. The same strings as ``AMOUNT_PATTERN`` and ``SIGNED_PATTERN``.

    >>> minor, bad = amount_minor(pa.array(["12.5", "1e3", None]))
    >>> minor.to_pylist(), bad.tolist()
    ([1250, None, None], [False, True, False])
    """
    values = np.full(len(column), _NONE, np.int64)
    if column.null_count < len(column):
        offsets, data = utf8(column)
        _read(offsets, data, signed, values)
    missing = absent(column)
    bad = (values == _NONE) & ~missing
    return integers(values, bad | missing), bad


def minor_of(text: str) -> int:
    """Minor units of one amount; raises ``ValueError`` without repeating it.

    >>> minor_of("12.5")
    1250
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError("not an amount")
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def minor_to_text(minor: int) -> str:
    """Decimal string of minor units.

    >>> minor_to_text(214000000), minor_to_text(-5)
    ('2140000.00', '-0.05')
    """
    minor = int(minor)
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"
