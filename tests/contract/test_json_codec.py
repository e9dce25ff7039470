"""Single JSON objects, and every way in which bytes are none."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract.checks import check_movements, check_profiles
from contract.errors import MalformedRecord, Reason, RejectedEvent
from contract.json_codec import (
    MOST_BYTES,
    Watermark,
    decode_objects,
    decode_watermark,
    encode_movement,
    encode_watermark,
    read_object,
)
from contract.records import RecordKind

Row = dict[str, Any]


def test_an_object_with_every_field_is_read_and_passes_the_checks(full_movement: Row, profile: Row) -> None:
    raw, rows, rejects = decode_objects([encode_movement(full_movement)], RecordKind.MOVEMENT)
    assert (rows.tolist(), rejects) == ([0], [])
    assert raw.to_pylist() == [full_movement]
    assert check_movements(raw).rejects == []
    raw, _, rejects = decode_objects([encode_movement(profile)], RecordKind.PROFILE)
    assert rejects == []
    assert check_profiles(raw).rejects == []


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "truncated": b'{"event_id": "E1", "amount": "1',
    "twin-keys": b'{"event_id": "E1", "event_id": "E2"}',
    "twin-keys-one-of-them-escaped": rb'{"event_id": "E1", "event\u005fid": "E2"}',
    "twin-keys-with-escaped-colons": rb'{"event_id": "\u003a", "event_id": "\u003a"}',
    "twin-keys-of-times": b'{"occurred_at": "00:00", "occurred_at": "00:00"}',
    "twin-keys-inside": b'{"remark": {"a": 1, "a": 2}}',
    "array": b'[{"event_id": "E1"}]',
    "scalar": b"1",
    "null": b"null",
    "string": b'"event_id"',
    "two-objects": b"{}{}",
    "not-utf-8": b'{"event_id": "\xff"}',
    "utf-16": '{"event_id": "E1"}'.encode("utf-16"),
    "byte-order-mark": b'\xef\xbb\xbf{"event_id": "E1"}',
    "single-quotes": b"{'event_id': 'E1'}",
    "comment": b'{"event_id": "E1" /* */}',
    "not-a-number": b'{"counterparty_birth_year": NaN}',
    "raw-control-character": b'{"event_id": "E\n1"}',
    "half-a-surrogate": rb'{"event_id": "\ud800"}',
    "too-deep": b'{"remark": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}


@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED.keys())
def test_bytes_that_are_no_one_object_are_malformed(value: bytes) -> None:
    with pytest.raises(MalformedRecord) as caught:
        read_object(value)
    assert caught.value.reason is Reason.MALFORMED_JSON


def test_an_object_beyond_any_movements_size_is_too_large() -> None:
    with pytest.raises(MalformedRecord) as caught:
        read_object(b" " * (MOST_BYTES + 1))
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        ('{"amount": 12.5}', Reason.WRONG_TYPE, "amount"),
        ('{"event_id": 1}', Reason.WRONG_TYPE, "event_id"),
        ('{"own_name": "true"}', Reason.WRONG_TYPE, "own_name"),
        ('{"own_name": 1}', Reason.WRONG_TYPE, "own_name"),
        ('{"counterparty_birth_year": "1950"}', Reason.WRONG_TYPE, "counterparty_birth_year"),
        ('{"counterparty_birth_year": 1950.0}', Reason.WRONG_TYPE, "counterparty_birth_year"),
        ('{"remark": ["a"]}', Reason.WRONG_TYPE, "remark"),
        ('{"purpose": {"a:b": ":"}}', Reason.WRONG_TYPE, "purpose"),
        ('{"amount_minor": 5}', Reason.UNKNOWN_FIELD, None),
        ('{"holder_kind": "person"}', Reason.UNKNOWN_FIELD, None),
        ('{"张三": "x"}', Reason.UNKNOWN_FIELD, None),
    ],
)
def test_a_wrong_type_or_unknown_field_refuses_the_object(value: str, reason: Reason, field: str | None) -> None:
    _, rows, rejects = decode_objects([b"{}", value.encode(), b"{}"], RecordKind.MOVEMENT)
    assert rejects == [(1, reason, field)]
    assert rows.tolist() == [0, 2]


def test_empty_objects_keep_their_rows_and_are_refused_by_the_checks() -> None:
    raw, rows, rejects = decode_objects([b"{}", b'{"event_id": null}'], RecordKind.MOVEMENT)
    assert (rows.tolist(), rejects) == ([0, 1], [])
    assert [reject.reason for reject in check_movements(raw).rejects] == [Reason.MISSING_FIELD] * 2


def test_escapes_and_colons_in_values_are_no_twins(movement: Row) -> None:
    row = movement | {"remark": 'a:"b":c', "purpose": "\u0000\u001f:"}
    assert read_object(json.dumps(row).encode()) == row


@pytest.mark.parametrize("year", [2**63, -(2**63) - 1, 2**62])
def test_a_number_beyond_64_bits_is_a_bad_value_and_no_crash(movement: Row, year: int) -> None:
    raw, _, rejects = decode_objects([json.dumps(movement | {"counterparty_birth_year": year}).encode()], RecordKind.MOVEMENT)
    assert rejects == []
    assert check_movements(raw).degraded == {"counterparty_birth_year": 1}


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
objects = st.dictionaries(st.one_of(st.sampled_from(["event_id", "remark", "own_name", "amount"]), st.text(max_size=4)), scalars)


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.binary(max_size=60), objects.map(lambda found: json.dumps(found).encode())))
@example(b'{"a":' * 5000)
def test_any_bytes_become_rows_or_rejects_and_nothing_else(value: bytes) -> None:
    for kind in (RecordKind.MOVEMENT, RecordKind.PROFILE):
        raw, rows, rejects = decode_objects([value], kind)
        assert len(rows) + len(rejects) == 1
        assert raw.num_rows == len(rows)
        check_movements(raw)
        check_profiles(raw)
    with contextlib.suppress(RejectedEvent):
        decode_watermark(value)


pairs = st.lists(st.tuples(st.text(max_size=3), st.text(alphabet=':"\\a', max_size=4)), max_size=4)


@settings(max_examples=120, deadline=None)
@given(pairs, st.booleans())
def test_twin_keys_are_found_however_they_are_written(found: list[tuple[str, str]], ascii_only: bool) -> None:
    members = (f"{json.dumps(k, ensure_ascii=ascii_only)}:{json.dumps(v, ensure_ascii=ascii_only)}" for k, v in found)
    value = ("{" + ",".join(members) + "}").encode("utf-8", "surrogatepass")
    try:
        assert read_object(value) == dict(found)
        assert len(dict(found)) == len(found)
    except MalformedRecord:
        assert len(dict(found)) < len(found)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 253_402_300_799_999))
def test_a_watermark_survives_its_own_bytes(ms: int) -> None:
    assert decode_watermark(encode_watermark("C-1_a", ms)) == Watermark("C-1_a", ms)


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        ({"institution_code": "C1"}, Reason.MISSING_FIELD, "complete_to"),
        ({"institution_code": "C1", "complete_to": "2026-03-01"}, Reason.BAD_TIME, "complete_to"),
        ({"institution_code": "C 1", "complete_to": "2026-03-01T00:00:00Z"}, Reason.BAD_INSTITUTION, "institution_code"),
        ({"institution_code": "C1", "complete_to": 0}, Reason.WRONG_TYPE, "complete_to"),
        ({"institution_code": "C1", "complete_to": "2026-03-01T00:00:00Z", "note": ""}, Reason.UNKNOWN_FIELD, None),
    ],
    ids=["missing", "no-time", "bad-institution", "number", "unknown-field"],
)
def test_a_bad_watermark_is_refused_with_its_reason(value: Row, reason: Reason, field: str | None) -> None:
    with pytest.raises(RejectedEvent) as caught:
        decode_watermark(msgspec.json.encode(value))
    assert (caught.value.reason, caught.value.field) == (reason, field)


def test_a_table_of_no_objects_has_no_rows() -> None:
    raw, rows, rejects = decode_objects([], RecordKind.MOVEMENT)
    assert (raw.num_rows, len(rows), rejects) == (0, 0, [])
    assert isinstance(raw, pa.Table)
