"""Batches as Arrow streams: what was written is read, what is damaged or swollen is refused and harms nobody."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.arrow_codec import MOST_BYTES, MOST_ROWS, decode_batch, encode_batch
from contract.arrow_sizes import decoded_bytes
from contract.checks import check_movements, check_profiles
from contract.errors import ContractViolation, MalformedRecord, Reason, RejectedEvent
from contract.records import RecordKind

Row = dict[str, Any]


def stream(table: pa.Table, **options: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def good(row: Row, count: int) -> pa.RecordBatch:
    rows = [row | {"event_id": f"E{k}"} for k in range(count)]
    return check_movements(pa.Table.from_pylist(rows)).good


@pytest.mark.parametrize("count", [1, 2, 199, 200, 1000, MOST_ROWS])
def test_a_batch_survives_its_own_bytes_and_passes_the_checks_unchanged(full_movement: Row, count: int) -> None:
    batch = good(full_movement, count)
    checked = check_movements(decode_batch(encode_batch(batch), RecordKind.MOVEMENT))
    assert (checked.rejects, checked.degraded) == ([], {})
    assert checked.good.equals(batch)


def test_a_profile_batch_survives_its_own_bytes(profile: Row) -> None:
    batch = check_profiles(pa.Table.from_pylist([profile] * 3)).good
    assert check_profiles(decode_batch(encode_batch(batch), RecordKind.PROFILE)).good.equals(batch)


def test_absent_columns_are_not_sent_and_words_become_dictionaries_in_large_batches_alone(movement: Row) -> None:
    small = pa.ipc.open_stream(encode_batch(good(movement, 199))).schema
    large = pa.ipc.open_stream(encode_batch(good(movement, 200))).schema
    assert set(small.names) == set(large.names) == {*movement, "amount_minor", "kind"} - {"amount"}
    assert not any(pa.types.is_dictionary(kind) for kind in small.types)
    assert pa.types.is_dictionary(large.field("branch_region").type)
    assert pa.types.is_string(large.field("account_id").type)


def test_a_slice_is_sent_as_its_own_rows(movement: Row) -> None:
    batch = good(movement, 50)
    assert decode_batch(encode_batch(batch.slice(10, 3)), RecordKind.MOVEMENT).column("event_id").to_pylist() == [
        "E10",
        "E11",
        "E12",
    ]


@pytest.mark.parametrize("compression", ["zstd", "lz4"])
def test_a_compressed_stream_is_read_and_measured_before(full_movement: Row, compression: str) -> None:
    table = pa.Table.from_batches([good(full_movement, 300)])
    data, plain = stream(table, compression=compression), stream(table)
    assert decode_batch(data, RecordKind.MOVEMENT).equals(table)
    assert 0.5 < decoded_bytes(data, most=MOST_BYTES) / decoded_bytes(plain, most=MOST_BYTES) <= 1


@pytest.mark.parametrize(
    "remark",
    [
        pa.array(["x", None]),
        pa.array(["x", None], pa.large_string()),
        pa.array(["x", None]).dictionary_encode(),
        pa.array(["x", None], pa.large_string()).dictionary_encode(),
        pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.uint8()), pa.array(["x", None])),
    ],
    ids=["plain", "long-offsets", "dictionary", "dictionary-of-long-offsets", "null-in-the-dictionary"],
)
def test_a_table_has_one_type_a_field_whatever_way_it_was_sent(remark: pa.Array) -> None:
    raw = decode_batch(
        stream(pa.table({"remark": remark, "counterparty_birth_year": pa.array([1950, None], pa.int16())})), RecordKind.MOVEMENT
    )
    assert raw.schema.types == [pa.string(), pa.int64()]
    assert raw.to_pydict() == {"remark": ["x", None], "counterparty_birth_year": [1950, None]}


def test_several_batches_are_one_record(movement: Row) -> None:
    table = pa.Table.from_batches([good(movement, 5), good(movement, 7)])
    assert decode_batch(stream(table), RecordKind.MOVEMENT).num_rows == 12


def swollen_by_compression() -> bytes:
    return stream(pa.table({"remark": ["x" * (MOST_BYTES + 1)]}), compression="zstd")


def swollen_by_many_batches() -> bytes:
    batch = pa.record_batch({"remark": ["x" * (MOST_BYTES // 4)]})
    return stream(pa.Table.from_batches([batch] * 5), compression="lz4")


def swollen_by_a_dictionary() -> bytes:
    words = pa.DictionaryArray.from_arrays(pa.array([0] * MOST_ROWS, pa.int16()), pa.array(["x" * 10_000]))
    return stream(pa.table({"remark": words}))


def swollen_by_a_compressed_dictionary() -> bytes:
    words = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.array(["x" * (MOST_BYTES + 1)]))
    return stream(pa.table({"remark": words}), compression="zstd")


def too_many_rows() -> bytes:
    return stream(pa.table({"remark": pa.array(["x"] * (MOST_ROWS + 1))}))


def too_many_bytes() -> bytes:
    return b"\0" * (MOST_BYTES + 1)


@pytest.mark.parametrize(
    "make",
    [
        swollen_by_compression,
        swollen_by_many_batches,
        swollen_by_a_dictionary,
        swollen_by_a_compressed_dictionary,
        too_many_rows,
        too_many_bytes,
    ],
)
def test_what_would_become_too_large_is_refused_before_it_does(make: Callable[[], bytes]) -> None:
    data = make()
    before = pa.total_allocated_bytes()
    with pytest.raises(MalformedRecord) as caught:
        decode_batch(data, RecordKind.MOVEMENT)
    assert caught.value.reason is Reason.TOO_LARGE
    assert pa.total_allocated_bytes() - before < MOST_BYTES / 4


def test_a_dictionary_of_long_words_that_few_rows_use_is_read() -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0] * (MOST_ROWS - 1) + [1], pa.int16()), pa.array(["x", "y" * 20_000]))
    assert decode_batch(stream(pa.table({"remark": words})), RecordKind.MOVEMENT).num_rows == MOST_ROWS


@pytest.mark.parametrize(
    ("columns", "reason", "field"),
    [
        ({"surname": pa.array(["x"])}, Reason.UNKNOWN_FIELD, None),
        ({"amount": pa.array(["1.00"])}, Reason.UNKNOWN_FIELD, None),
        ({"amount_minor": pa.array(["1"])}, Reason.WRONG_TYPE, "amount_minor"),
        ({"amount_minor": pa.array([1], pa.uint64())}, Reason.WRONG_TYPE, "amount_minor"),
        ({"amount_minor": pa.array([1.0])}, Reason.WRONG_TYPE, "amount_minor"),
        ({"amount_minor": pa.array([1]).dictionary_encode()}, Reason.WRONG_TYPE, "amount_minor"),
        ({"occurred_at": pa.array([1], pa.timestamp("ms"))}, Reason.WRONG_TYPE, "occurred_at"),
        ({"occurred_at": pa.array([1], pa.timestamp("us", "UTC"))}, Reason.WRONG_TYPE, "occurred_at"),
        ({"occurred_at": pa.array([1], pa.timestamp("ms", "Asia/Shanghai"))}, Reason.WRONG_TYPE, "occurred_at"),
        ({"own_name": pa.array(["true"])}, Reason.WRONG_TYPE, "own_name"),
        ({"event_id": pa.array([b"E1"])}, Reason.WRONG_TYPE, "event_id"),
        ({"remark": pa.nulls(1)}, Reason.WRONG_TYPE, "remark"),
        ({"remark": pa.array([["x"]])}, Reason.WRONG_TYPE, "remark"),
    ],
    ids=lambda value: str(value) if not isinstance(value, dict) else f"{next(iter(value))}-{next(iter(value.values())).type}",
)
def test_unknown_columns_and_other_types_are_refused(columns: dict[str, pa.Array], reason: Reason, field: str | None) -> None:
    with pytest.raises(ContractViolation) as caught:
        decode_batch(stream(pa.table(columns)), RecordKind.MOVEMENT)
    assert (caught.value.reason, caught.value.field) == (reason, field)


def test_a_column_named_twice_is_refused() -> None:
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["remark", "remark"])
    with pytest.raises(ContractViolation):
        decode_batch(stream(twice), RecordKind.MOVEMENT)


def test_a_watermark_is_never_a_batch(movement: Row) -> None:
    with pytest.raises(ContractViolation) as caught:
        decode_batch(encode_batch(good(movement, 1)), RecordKind.WATERMARK)
    assert caught.value.reason is Reason.UNKNOWN_HEADER


def test_a_batch_that_is_not_aligned_is_refused(movement: Row) -> None:
    data = encode_batch(good(movement, 3))
    reader = pa.ipc.MessageReader.open_stream(data)
    schema = len(reader.read_next_message().serialize())
    length = int.from_bytes(data[schema + 4 : schema + 8], "little")
    body = schema + 8 + length
    moved = data[: schema + 4] + (length + 4).to_bytes(4, "little") + data[schema + 8 : body] + b"\0" * 4 + data[body:]
    # The library reads it, and kernels would be compiled anew for its columns.
    assert not pa.ipc.open_stream(moved).read_all().column("amount_minor").chunk(0).to_numpy().flags.aligned
    with pytest.raises(MalformedRecord):
        decode_batch(moved, RecordKind.MOVEMENT)


def swallow(data: bytes) -> None:
    """Read a record as the detector does; what is refused is, and nothing else may happen."""
    try:
        raw = decode_batch(data, RecordKind.MOVEMENT)
    except RejectedEvent:
        return
    checked = check_movements(raw)
    checked.good.validate(full=True)
    checked.good.to_pylist()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedRecord) as caught:
        decode_batch(data, RecordKind.MOVEMENT)
    assert caught.value.reason is Reason.MALFORMED_ARROW


@pytest.mark.parametrize("form", ["plain", "dictionaries", "zstd", "lz4"])
def test_damaged_streams_never_crash_nor_pass_unsound(full_movement: Row, form: str) -> None:
    rng = random.Random(form)
    batch = good(full_movement, 250 if form == "dictionaries" else 3)
    data = encode_batch(batch) if form in ("plain", "dictionaries") else stream(pa.Table.from_batches([batch]), compression=form)
    for _ in range(500):
        damaged = bytearray(data)
        for _ in range(rng.choice([1, 1, 2, 4, 16])):
            damaged[rng.randrange(len(damaged))] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        if rng.random() < 0.2:
            del damaged[rng.randrange(len(damaged)) :]
        swallow(bytes(damaged))
