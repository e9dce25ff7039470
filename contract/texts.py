"""Free text: NFC, without control characters, at most 256 characters."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.columns import absent, mask
from contract.hashing import utf8
from contract.kernels import inner, loop

MOST: Final = 256


def cleaned(text: str) -> str | None:
    """The text as it is kept; ``None`` for one that is too long.

    >>> cleaned("a\\x00b\\n"), cleaned("e\\u0301") == "\\u00e9", cleaned("x" * 257)
    ('ab', True, None)
    """
    kept = unicodedata.normalize("NFC", "".join(c for c in text if unicodedata.category(c) != "Cc"))
    return kept if len(kept) <= MOST else None


@inner
def _is_plain(data: Any, first: Any, last: Any) -> Any:
    """Whether UTF-8 bytes need no second look: printable ASCII, Han characters (U+4000–9FFF) and their punctuation.

    None of these changes under NFC alone or beside another of them.
    """
    at = first
    while at < last:
        byte = data[at]
        if 0x20 <= byte < 0x7F:
            at += 1
        elif 0xE4 <= byte <= 0xE9 or (byte == 0xEF and data[at + 1] >= 0xBC):
            at += 3
        elif byte == 0xE3 and data[at + 1] == 0x80 and data[at + 2] < 0xAA:
            at += 3  # U+3000–3029; the marks that follow them combine
        else:
            return False
    return last - first <= MOST


@loop
def _find_doubtful(offsets: Any, data: Any, out: Any) -> None:
    for i in range(len(out)):
        out[i] = not _is_plain(data, offsets[i], offsets[i + 1])


def clean_column(column: pa.Array) -> tuple[pa.Array, Any]:
    """The column cleaned, and which rows were blanked (NumPy bool); one look at each distinct doubtful text."""
    doubtful = np.zeros(len(column), np.bool_)
    if column.null_count < len(column):
        _find_doubtful(*utf8(column), doubtful)
        doubtful &= ~absent(column)
    blanked = np.zeros(len(column), np.bool_)
    if not doubtful.any():
        return column, blanked
    encoded = column.filter(mask(doubtful)).dictionary_encode()
    kept = pa.array([cleaned(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
    blanked[doubtful] = absent(kept)
    # A text of control characters alone is no text.
    kept = pc.if_else(pc.equal(kept, pa.scalar("")), pa.scalar(None, pa.string()), kept)
    return pc.replace_with_mask(column, mask(doubtful), kept), blanked
