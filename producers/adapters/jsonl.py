"""JSON Lines, optionally gzipped: one object a line; a line that is none is refused alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from contract.errors import Reason
from contract.json_codec import FIELDS
from contract.records import RecordKind
from producers.layout import Layout
from producers.raw import Raw

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
BLOCK_LINES = 50_000
_TYPES = FIELDS[RecordKind.PROFILE] | FIELDS[RecordKind.MOVEMENT]


def _object(line: bytes, layout: Layout) -> dict[str, Any] | Reason:
    """A line's object; in our own names every value must have the contract's JSON type."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Reason.MALFORMED_JSON
    if not isinstance(found, dict):
        return Reason.MALFORMED_JSON
    if layout.is_own:
        for name, value in found.items():
            if value is not None and name in _TYPES and type(value) is not _TYPES[name]:
                return Reason.WRONG_TYPE
    return found


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def read(path: Path, layout: Layout) -> Iterator[Raw]:
    """Objects as text columns; a mapping may name columns that only some objects have."""
    with pa.input_stream(str(path)) as stream:
        lines = iter(stream.readline, b"")
        row = 0
        while block := list(islice(lines, BLOCK_LINES)):
            objects, rows, unreadable = [], [], []
            for line in block:
                row += 1
                if not line.strip():
                    continue
                found = _object(line, layout)
                if isinstance(found, Reason):
                    unreadable.append((row, found))
                else:
                    objects.append(found)
                    rows.append(row)
            names = sorted({name for one in objects for name in one})
            table = pa.table({name: pa.array([_text(one.get(name)) for one in objects], pa.string()) for name in names})
            yield Raw(table, np.array(rows, np.int64), unreadable)
