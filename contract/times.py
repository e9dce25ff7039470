"""RFC 3339 times of a whole column, offset required, kept to the millisecond."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.movement import TIMESTAMP
from contract.shanghai import parse_ms

_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$"


def _one(text: str) -> int | None:
    try:
        return parse_ms(text)
    except ValueError:
        return None


def timestamps(column: pa.Array) -> tuple[pa.Array, Any]:
    """Timestamps (ms, UTC) of a string column, and which rows are none (NumPy bool); nulls stay null and are not bad."""
    good = pc.fill_null(pc.match_substring_regex(column, _PATTERN), False)
    text = pc.replace_substring_regex(pc.if_else(good, column, pa.scalar(None, pa.string())), r"(\.[0-9]{3})[0-9]+", r"\1")
    try:
        times = pc.cast(text, TIMESTAMP)
    except pa.ArrowInvalid:
        # Some value has the form but is no date (30 February); look at each distinct one.
        encoded = text.dictionary_encode()
        found = pa.array([_one(value) for value in encoded.dictionary.to_pylist()], pa.int64())
        times = pc.cast(found.take(encoded.indices), TIMESTAMP)
    bad = pc.and_(pc.is_null(times), pc.is_valid(column)).to_numpy(zero_copy_only=False)
    return times, np.asarray(bad)
