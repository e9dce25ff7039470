"""JSON Lines, optionally gzipped: one object a line; a line that is none is refused alone."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from contract.errors import MalformedRecord, Reason
from contract.json_codec import FIELDS
from contract.records import RecordKind
from producers.layout import Layout
from producers.lines import line_blocks
from producers.raw import Raw, Unreadable

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
_TYPES: Final = FIELDS[RecordKind.PROFILE] | FIELDS[RecordKind.MOVEMENT]
_ARROW: Final = {str: pa.string(), bool: pa.bool_(), int: pa.int64()}
_NOTHING: Final = type(None)
_DECODER: Final = msgspec.json.Decoder(dict[str, Any])


def read(path: Path, layout: Layout) -> Iterator[Raw]:
    """Fields as columns: text for a bank's own layout, the contract's JSON types for ours.

    Rows are lines of the file from 1, blank ones counted. In our own names a value of another JSON type refuses its
    line, fields that are not ours are ignored.
    """
    row = 0
    for block in line_blocks(path):
        if row == 0:
            block = block.removeprefix(codecs.BOM_UTF8)
        lines = block.count(b"\n")
        yield _quickly(block, row, layout) or _line_by_line(block, row, layout)
        row += lines


def _quickly(block: bytes, before: int, layout: Layout) -> Raw | None:
    """All lines at once; None unless every one is an object without twin keys and with the right types."""
    try:
        objects = _DECODER.decode_lines(block)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if len(objects) != block.count(b"\n") or not _without_twins(block, objects):
        return None
    columns = _columns(objects, layout)
    return None if columns is None else Raw(columns, np.arange(before + 1, before + 1 + len(objects)))


def _without_twins(block: bytes, objects: list[dict[str, Any]]) -> bool:
    """Whether keys in the text are as many as in the objects; a quote inside a value is escaped and matches nothing.

    The decoder keeps the last of twin keys in silence. Keys written otherwise than ``"name":`` and objects within
    objects count as doubtful.
    """
    if block.count(b"{") != len(objects):
        return False
    names = {name for one in objects for name in one}
    return sum(block.count(f'"{name}":'.encode()) for name in names) == sum(map(len, objects))


def _columns(objects: list[dict[str, Any]], layout: Layout) -> pa.Table | None:
    """Columns of the fields that are needed; None where a value does not fit."""
    present = {name for one in objects for name in one} & layout.needed
    columns = {}
    for name in sorted(present):
        values = [one.get(name) for one in objects]
        if not layout.has_own_columns or name not in _TYPES:
            columns[name] = pa.array([_text(value) for value in values], pa.string())
            continue
        wanted = _TYPES[name]
        if not set(map(type, values)) <= {wanted, _NOTHING}:
            return None
        try:
            columns[name] = pa.array(values, _ARROW[wanted])
        except (pa.ArrowException, OverflowError, UnicodeEncodeError):
            return None
    # An object without any of our fields is still a row, to be refused.
    return pa.table(columns) if columns else pa.table({"event_id": pa.nulls(len(objects), pa.string())})


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _line_by_line(block: bytes, before: int, layout: Layout) -> Raw:
    objects, rows, unreadable = [], [], []
    for row, line in enumerate(block.split(b"\n")[:-1], before + 1):
        if not line.strip():
            continue
        try:
            objects.append(_object(line, layout))
            rows.append(row)
        except MalformedRecord as error:
            unreadable.append(Unreadable(row, error.reason, error.field))
    table = _columns(objects, layout)
    assert table is not None  # noqa: S101  every object was looked at
    return Raw(table, np.array(rows, np.int64), unreadable)


def _object(line: bytes, layout: Layout) -> dict[str, Any]:
    try:
        found = _DECODER.decode(line)
        if not _without_twins(line, [found]):
            json.loads(line, object_pairs_hook=_no_twins)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedRecord(Reason.MALFORMED_JSON) from error
    for name, value in found.items():
        if layout.has_own_columns and name in _TYPES and not _fits(value, _TYPES[name]):
            raise MalformedRecord(Reason.WRONG_TYPE, name)
    return found


def _fits(value: Any, wanted: type) -> bool:
    if value is None:
        return True
    return type(value) is wanted and not (isinstance(value, int) and not -(2**63) <= value < 2**63)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedRecord(Reason.MALFORMED_JSON)
    return found
