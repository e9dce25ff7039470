"""Batches as Arrow IPC streams: written small, and read only after they were proven sound."""

from __future__ import annotations

import struct
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from contract.arrow_sizes import decoded_bytes
from contract.errors import ContractViolation, MalformedRecord, Reason
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.records import TYPE_HEADER, RecordKind

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 64 * 1024 * 1024
DICTIONARY_FROM: Final = 200
"""Rows from which repeated words are worth a dictionary; below it the dictionary batches cost more than they save."""
_WORDS: Final = frozenset(
    [
        "institution_code",
        "institution_type",
        "branch_region",
        "direction",
        "currency",
        "kind",
        "counterparty_kind",
        "counterparty_institution",
        "counterparty_region",
        "counterparty_country",
        "counterparty_occupation",
        "channel",
        "batch_code",
        "purpose",
        "remark",
        "side",
        "holder_kind",
        "holder_licence",
        "account_type",
        "subject_region",
        "occupation",
        "industry",
    ]
)
_SCHEMAS: Final = {RecordKind.MOVEMENT: MOVEMENT, RecordKind.PROFILE: PROFILE}


def encode_batch(batch: pa.RecordBatch) -> bytes:
    """An Arrow IPC stream of one batch; all-null columns are left out, repeated words become dictionaries."""
    columns, names = [], []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if column.null_count == len(column):
            continue
        if name in _WORDS and len(column) >= DICTIONARY_FROM:
            column = column.dictionary_encode()
        columns.append(column)
        names.append(name)
    sink = pa.BufferOutputStream()
    part = pa.RecordBatch.from_arrays(columns, names=names)
    with pa.ipc.new_stream(sink, part.schema) as writer:
        writer.write_batch(part)
    return bytes(sink.getvalue())


def decode_batch(data: bytes, kind: RecordKind) -> pa.Table:
    """The raw table of a record, ready to be checked.

    Raises ``MalformedRecord`` for bytes that are no sound stream or hold too much, ``ContractViolation`` for unknown
    columns and wrong types. Every batch is fully validated before a value is read: an unsound one could end the process.
    """
    if kind not in _SCHEMAS:
        raise ContractViolation(Reason.UNKNOWN_HEADER, TYPE_HEADER)
    try:
        if len(data) > MOST_BYTES or decoded_bytes(data, most=MOST_BYTES) > MOST_BYTES:
            raise MalformedRecord(Reason.TOO_LARGE)
        return _table(data, _SCHEMAS[kind])
    except (pa.ArrowException, ValueError, OSError, TypeError, MemoryError, struct.error) as error:
        raise MalformedRecord(Reason.MALFORMED_ARROW) from error


def _table(data: bytes, schema: pa.Schema) -> pa.Table:
    with pa.ipc.open_stream(pa.py_buffer(data)) as reader:
        _check_schema(reader.schema, schema)
        batches, rows, size = [], 0, 0
        for batch in reader:
            batch.validate(full=True)
            rows += batch.num_rows
            size += batch.nbytes
            if rows > MOST_ROWS or size > MOST_BYTES:
                raise MalformedRecord(Reason.TOO_LARGE)
            batches.append(_plain(batch))
    if not batches:
        raise MalformedRecord(Reason.MALFORMED_ARROW)
    return pa.Table.from_batches(batches)


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with dictionaries decoded, after their texts were counted: one long word can stand in every row."""
    encoded = [column for column in batch.columns if pa.types.is_dictionary(column.type)]
    may_be_large = sum(len(column) * column.dictionary.nbytes for column in encoded) > MOST_BYTES
    if may_be_large and batch.nbytes + sum(_text_bytes(column) for column in encoded) > MOST_BYTES:
        raise MalformedRecord(Reason.TOO_LARGE)
    return pa.RecordBatch.from_arrays([_simple(column) for column in batch.columns], names=batch.schema.names)


def _simple(column: pa.Array) -> pa.Array:
    """Plain strings and int64 whatever way they were sent, so that records of many senders can be joined."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type):
        return column.cast(pa.string())
    return column.cast(pa.int64()) if pa.types.is_integer(column.type) else column


def _text_bytes(column: pa.DictionaryArray) -> int:
    lengths = pc.binary_length(column.dictionary).cast(pa.int64()).take(column.indices)
    return int(pc.sum(lengths).as_py() or 0)


def _check_schema(found: pa.Schema, schema: pa.Schema) -> None:
    if len(set(found.names)) != len(found.names):
        raise ContractViolation(Reason.UNKNOWN_FIELD)
    for column in found:
        place = schema.get_field_index(column.name)
        if place < 0:
            # An unknown name is somebody's data, so it is not repeated.
            raise ContractViolation(Reason.UNKNOWN_FIELD)
        if not _fits(column.type, schema.field(place).type):
            raise ContractViolation(Reason.WRONG_TYPE, column.name)


def _fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    """Strings may be dictionary-encoded or have long offsets, integers may be narrower than 64 bits."""
    if pa.types.is_string(wanted):
        text = found.value_type if pa.types.is_dictionary(found) else found
        return bool(pa.types.is_string(text) or pa.types.is_large_string(text))
    if pa.types.is_int64(wanted):
        return bool(pa.types.is_signed_integer(found))
    return bool(found == wanted)
