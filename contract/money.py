"""Money on the wire and inside: decimal strings there, int64 minor units here."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

AMOUNT_PATTERN: Final = r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"
SIGNED_PATTERN: Final = r"^-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"
_ONE: Final = re.compile(AMOUNT_PATTERN, re.ASCII)


def amount_minor(column: pa.Array, *, signed: bool = False) -> tuple[pa.Array, pa.Array]:
    """Minor units (int64) of decimal strings, and which rows are no such string (nulls are none either).

    Two decimals at most, ASCII digits only: ``"12.5"`` gives 1250, while ``"1e3"``, ``"１２"``, ``"1_000"`` and,
    unless ``signed``, ``"-5"`` are refused. Zero is an amount here; whether it may be is the caller's to say.
    """
    good = pc.fill_null(pc.match_substring_regex(column, SIGNED_PATTERN if signed else AMOUNT_PATTERN), False)
    text = pc.if_else(good, column, pa.scalar("0", pa.string()))
    cents = pc.multiply(pc.cast(text, pa.decimal128(15, 2)), pa.scalar(100, pa.decimal128(3, 0)))
    return pc.cast(cents, pa.int64()), pc.invert(good)


def minor_of(text: str) -> int:
    """Minor units of one amount; raises ``ValueError`` without repeating it.

    >>> minor_of("12.5")
    1250
    """
    if not _ONE.match(text):
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


def minor_to_column(minor: pa.Array) -> pa.Array:
    """Decimal strings of a column of minor units, nulls kept."""
    units = pc.cast(pc.cast(minor, pa.decimal128(19, 0)), pa.decimal128(21, 2))
    return pc.cast(pc.divide(units, pa.scalar(np.int64(100)).cast(pa.decimal128(3, 0))), pa.decimal128(21, 2)).cast(pa.string())
