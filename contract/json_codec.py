"""Single JSON objects: movements, profiles and watermarks, read strictly into raw columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa

from contract.errors import ContractViolation, MalformedRecord, Reason
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.records import RecordKind
from contract.reject import RowReject
from contract.shanghai import parse_ms, text_ms

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


class Watermark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All movements of an institution up to ``complete_to`` have been sent."""

    institution_code: str
    complete_to: str

    @property
    def complete_to_ms(self) -> int:
        """Epoch milliseconds."""
        return parse_ms(self.complete_to)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedRecord(Reason.MALFORMED_JSON)
    return found


def _object(value: bytes) -> dict[str, Any]:
    """One JSON object without twin keys.

    msgspec reads fast but keeps the last of twin keys in silence, so an object whose text holds more ``":`` than keys
    is read again strictly.
    """
    if len(value) > MOST_BYTES:
        raise MalformedRecord(Reason.TOO_LARGE)
    try:
        found = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedRecord(Reason.MALFORMED_JSON) from error
    if not isinstance(found, dict):
        raise MalformedRecord(Reason.MALFORMED_JSON)
    if value.count(b":") != len(found) + sum(v.count(":") for v in found.values() if isinstance(v, str)):
        try:
            json.loads(value, object_pairs_hook=_no_twins)
        except (ValueError, RecursionError) as error:
            raise MalformedRecord(Reason.MALFORMED_JSON) from error
    return found


def _fields(found: dict[str, Any], kind: RecordKind) -> dict[str, Any]:
    types = FIELDS[kind]
    for name, value in found.items():
        wanted = types.get(name)
        if wanted is None:
            raise ContractViolation(Reason.UNKNOWN_FIELD)
        if value is not None and type(value) is not wanted:
            raise ContractViolation(Reason.WRONG_TYPE, name)
    return found


def decode_objects(values: Sequence[bytes], kind: RecordKind) -> tuple[pa.Table, Any, list[RowReject]]:
    """Raw table of the readable objects, the index in ``values`` of each row, and one reject for each of the others."""
    found: list[dict[str, Any]] = []
    rows: list[int] = []
    rejects: list[RowReject] = []
    for row, value in enumerate(values):
        try:
            found.append(_fields(_object(value), kind))
            rows.append(row)
        except (MalformedRecord, ContractViolation) as error:
            rejects.append(RowReject(row, error.reason, error.field))
    kinds = {str: pa.string(), bool: pa.bool_(), int: pa.int64()}
    types = FIELDS[kind]
    columns = {name: _column([one.get(name) for one in found], kinds[wanted]) for name, wanted in types.items()}
    return pa.table(columns), rows, rejects


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
    _object(value)
    try:
        watermark = msgspec.json.decode(value, type=Watermark)
    except msgspec.DecodeError as error:
        raise MalformedRecord(Reason.MALFORMED_JSON) from error
    try:
        _ = watermark.complete_to_ms
    except ValueError as error:
        raise ContractViolation(Reason.BAD_TIME, "complete_to") from error
    return watermark


def encode_watermark(institution: str, complete_to_ms: int) -> bytes:
    """Write a watermark."""
    return msgspec.json.encode(Watermark(institution, text_ms(complete_to_ms)))
