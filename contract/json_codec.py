"""Single JSON objects: movements, profiles and watermarks, read strictly into raw columns."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from contract.errors import ContractViolation, MalformedRecord, Reason, RejectedEvent
from contract.fields import INSTITUTION_PATTERN
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.records import RecordKind
from contract.reject import RowReject
from contract.shanghai import text_ms
from contract.times import timestamps

MOST_BYTES: Final = 64 * 1024
"""A single object larger than this is no movement."""


def _wire_types(schema: pa.Schema) -> dict[str, type]:
    """Type of each field in JSON: money, times and dates are strings there."""
    types: dict[str, type] = {}
    for column in schema:
        name = column.name.removesuffix("_minor")
        types[name] = bool if pa.types.is_boolean(column.type) else str
        if pa.types.is_integer(column.type) and name == column.name:
            types[name] = int
    return types


FIELDS: Final = {RecordKind.MOVEMENT: _wire_types(MOVEMENT), RecordKind.PROFILE: _wire_types(PROFILE)}
_ARROW: Final[dict[type, pa.DataType]] = {str: pa.string(), bool: pa.bool_(), int: pa.int64()}
_ALWAYS: Final = "account_id"
"""Field whose column stands in every table, so that a table of empty objects still has their rows."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """All movements of an institution up to ``complete_to_ms`` (epoch milliseconds) have been sent."""

    institution_code: str
    complete_to_ms: int


_WATERMARK: Final[dict[str, type]] = {"institution_code": str, "complete_to": str}


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedRecord(Reason.MALFORMED_JSON)
    return found


def _may_hold_twins(value: bytes, found: dict[str, Any]) -> bool:
    """Whether the text holds more colons than its keys and values account for; a backslash may hide one."""
    return b"\\" in value or value.count(b":") != len(found) + sum(v.count(":") for v in found.values() if isinstance(v, str))


def read_object(value: bytes) -> dict[str, Any]:
    """One JSON object without twin keys; raises ``MalformedRecord`` for any other bytes.

    msgspec reads fast but keeps the last of twin keys in silence, so where there may be some the text is read again.

    >>> read_object(b'{"account_id": "a:1"}')
    {'account_id': 'a:1'}
    """
    if len(value) > MOST_BYTES:
        raise MalformedRecord(Reason.TOO_LARGE)
    try:
        found = msgspec.json.decode(value)
        if not isinstance(found, dict):
            raise MalformedRecord(Reason.MALFORMED_JSON)
        if _may_hold_twins(value, found):
            json.loads(value.decode(), object_pairs_hook=_no_twins)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise MalformedRecord(Reason.MALFORMED_JSON) from error
    return found


def _typed(found: dict[str, Any], types: dict[str, type]) -> dict[str, Any]:
    for name, value in found.items():
        wanted = types.get(name)
        if wanted is None:
            raise ContractViolation(Reason.UNKNOWN_FIELD)
        if value is not None and type(value) is not wanted:
            raise ContractViolation(Reason.WRONG_TYPE, name)
    return found


def decode_objects(values: Sequence[bytes], kind: RecordKind) -> tuple[pa.Table, Any, list[RowReject]]:
    """Raw table of the readable objects, the index in ``values`` of each row, and one reject for each of the others."""
    types = FIELDS[kind]
    found: list[dict[str, Any]] = []
    rows: list[int] = []
    rejects: list[RowReject] = []
    for row, value in enumerate(values):
        try:
            found.append(_typed(read_object(value), types))
            rows.append(row)
        except RejectedEvent as error:
            rejects.append(RowReject(row, error.reason, error.field))
    named = {_ALWAYS, *(name for one in found for name in one)}
    columns = {name: _column([one.get(name) for one in found], _ARROW[types[name]]) for name in types if name in named}
    return pa.table(columns), np.array(rows, np.int64), rejects


def _column(values: list[Any], wanted: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, wanted)
    except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
        # A number beyond 64 bits or a lone surrogate: not a value of any field, so it counts as a bad one.
        return pa.array([_representable(value) for value in values], wanted)


def _representable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value if value is None or abs(value) < 2**62 else -1


def decode_watermark(value: bytes) -> Watermark:
    """Read a watermark; raises ``MalformedRecord`` or ``ContractViolation``."""
    found = _typed(read_object(value), _WATERMARK)
    for name in _WATERMARK:
        if found.get(name) is None:
            raise ContractViolation(Reason.MISSING_FIELD, name)
    if not re.fullmatch(INSTITUTION_PATTERN, found["institution_code"]):
        raise ContractViolation(Reason.BAD_INSTITUTION, "institution_code")
    return Watermark(found["institution_code"], _time(found["complete_to"]))


def _time(text: str) -> int:
    times, bad = timestamps(_column([text], pa.string()))
    if bad[0]:
        raise ContractViolation(Reason.BAD_TIME, "complete_to")
    return int(times.cast(pa.int64())[0].as_py())


def encode_watermark(institution: str, complete_to_ms: int) -> bytes:
    """Write a watermark.

    >>> decode_watermark(encode_watermark("B1", 1_700_000_000_123))
    Watermark(institution_code='B1', complete_to_ms=1700000000123)
    """
    return msgspec.json.encode({"institution_code": institution, "complete_to": text_ms(complete_to_ms)})


def encode_movement(fields: dict[str, Any]) -> bytes:
    """Write one movement or profile from its fields as on the wire; absent ones are left out."""
    return msgspec.json.encode({name: value for name, value in fields.items() if value is not None})
