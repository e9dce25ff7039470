"""Text that people write: normalised, and refused where it holds an identity or card number in clear."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pyarrow as pa

from contract.identifiers import IN_CLEAR, judge

_NUMBERS: Final = re.compile(r"(?<![0-9])[0-9]{12,19}(?![0-9])|(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])", re.ASCII)


def plain(text: str) -> str:
    """The text in NFC without control characters but line breaks.

    Raises ``ValueError`` where an 18-character identity number or 12–19 digits that pass Luhn stand in it: the ledger
    knows people by pseudonyms.

    >>> plain("账户已核查\\x00")
    '账户已核查'
    """
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    kept = unicodedata.normalize("NFC", kept).strip()
    if not kept:
        raise ValueError("must not be empty")
    digits = unicodedata.normalize("NFKC", kept)
    numbers = [match[0] for match in _NUMBERS.finditer(digits)]
    if numbers and (judge(pa.array(numbers, pa.string())) == IN_CLEAR).any():
        raise ValueError("holds an identity or card number in clear; name people by pseudonym")
    return kept
