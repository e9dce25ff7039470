"""Free text: NFC, without control characters, at most 256 characters."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST: Final = 256


def cleaned(text: str) -> str | None:
    """The text as it is kept; ``None`` for one that is too long.

    >>> cleaned("a\\x00b\\n"), cleaned("e\\u0301") == "\\u00e9", cleaned("x" * 257)
    ('ab', True, None)
    """
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cc")
    return kept if len(kept) <= MOST else None


def clean_column(column: pa.Array) -> tuple[pa.Array, Any]:
    """The column cleaned, and which rows were blanked (NumPy bool); one look at each distinct text."""
    encoded = column.dictionary_encode()
    before = encoded.dictionary.to_pylist()
    after = [cleaned(text) for text in before]
    if after == before:
        return column, np.zeros(len(column), np.bool_)
    result = pa.array(after, pa.string()).take(encoded.indices)
    blanked = pc.and_(pc.is_null(result), pc.is_valid(column)).to_numpy(zero_copy_only=False)
    # A text of control characters alone is no text.
    return pc.if_else(pc.equal(result, ""), pa.scalar(None, pa.string()), result), blanked
