"""Bad input end to end, from a record's bytes through the worker to the institution's rejects: one each, the rest goes on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from prometheus_client import REGISTRY

from contract import reject as rejects
from contract.arrow_codec import encode_batch
from contract.checks import check_movements
from contract.errors import Reason
from contract.shanghai import parse_ms
from contract.topics import events_topic
from detector.checkpoint import CheckpointStore
from detector.opening import Opening
from detector.transport.base import Shelf
from detector.worker import Worker
from tests.detector import bad_input
from tests.detector.bad_input import ARROW, HERE, INSTITUTION, JSON, PARTITIONS, PROFILE, Bad, columns, fields, stream
from tests.detector.memory_log import Headers, MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE

NOW_MS = parse_ms("2026-03-02T09:00:00+08:00")
SHELF = Shelf(events_topic(INSTITUTION), 0)


@dataclass
class Desk:
    """A worker before a log, and what it made of the records."""

    log: MemoryLog
    worker: Worker

    def take(self, *records: tuple[bytes, Headers | None]) -> list[dict[str, Any]]:
        """Rejects of these records, as an institution reads them."""
        for value, sent in records:
            self.log.append(SHELF, value, sent, at_ms=NOW_MS)
        while self.worker.run_once():
            pass
        self.worker.save()
        return [msgspec.json.decode(rejects.encode(one)) for one in self.log.rejects]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    log = MemoryLog()
    log.topic(INSTITUTION, PARTITIONS)
    transport = MemoryTransport(log, most=50)
    store = CheckpointStore.at(str(tmp_path / "checkpoints"), 2)
    worker = Worker(transport, store, Opening(transport, store, CATALOGUE, 600_000), 1e9, lambda: False)
    worker.begin()
    return Desk(log, worker)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def used() -> float:
    return counted("detector_movements_total", outcome="used")


def good(event_id: str) -> tuple[bytes, Headers]:
    return msgspec.json.encode(fields(NOW_MS, event_id=event_id)), JSON


@pytest.mark.parametrize("bad", bad_input.every(NOW_MS), ids=lambda bad: bad.name)
def test_a_bad_record_is_one_reject_with_reason_and_place_and_the_rest_goes_on(desk: Desk, bad: Bad) -> None:
    before, refused = used(), counted("detector_rejects_total", reason=bad.reason)
    found = desk.take(good("before"), (bad.value, bad.sent), good("after"))
    # Whole and exact: nothing of the offending value has a place in it.
    assert found == [
        {
            "institution_code": INSTITUTION,
            "reason": str(bad.reason),
            "field": bad.field,
            "topic": SHELF.topic,
            "partition": 0,
            "offset": 1,
            "row": None,
        }
    ]
    assert used() - before == 2
    assert counted("detector_rejects_total", reason=bad.reason) - refused == 1


def test_the_table_holds_every_reason_that_a_record_alone_can_have() -> None:
    needs_more_than_one = {Reason.CONFLICTING_DUPLICATE, Reason.CUSTOMER_CHANGED, Reason.MALFORMED_ROW}
    assert {bad.reason for bad in bad_input.every(NOW_MS)} == set(Reason) - needs_more_than_one


def test_all_of_them_at_once_are_as_many_rejects_in_the_order_of_the_log(desk: Desk) -> None:
    table = bad_input.every(NOW_MS)
    before = used()
    records: list[tuple[bytes, Headers | None]] = []
    for number, bad in enumerate(table):
        records += [(bad.value, bad.sent), good(f"E{number}")]
    found = desk.take(*records)
    by_offset = {one["offset"]: one["reason"] for one in found}
    assert [by_offset[2 * number] for number in range(len(table))] == [str(bad.reason) for bad in table]
    assert len(found) == len(table)
    assert used() - before == len(table)


@pytest.mark.parametrize("size", [5, 300], ids=["plain", "dictionaries"])
def test_a_bad_row_of_a_batch_is_refused_by_its_row_and_the_others_used(desk: Desk, size: int) -> None:
    rows = columns(NOW_MS, size)
    amounts = [1250] * size
    amounts[3] = -5
    times = [NOW_MS] * size
    times[1] = NOW_MS + 3_600_000
    regions = ["341302"] * size
    regions[4] = "999999"
    table = pa.table(
        rows
        | {
            "amount_minor": pa.array(amounts),
            "occurred_at": pa.array(times, pa.timestamp("ms", "UTC")),
            "branch_region": pa.array(regions).dictionary_encode(),
        }
    )
    before = used()
    found = desk.take((stream(table), ARROW))
    assert [(one["offset"], one["row"], one["reason"], one["field"]) for one in found] == [
        (0, 1, "future", "occurred_at"),
        (0, 3, "bad_amount", "amount"),
        (0, 4, "unknown_region", "branch_region"),
    ]
    assert used() - before == size - 3


OPTIONAL = [
    pytest.param("cny_amount", {"cny_amount": "-1"}, id="negative-cny-amount"),
    pytest.param("balance_after", {"balance_after": "1e3"}, id="balance"),
    pytest.param("counterparty_id", {"counterparty_id": "two words"}, id="counterparty"),
    pytest.param("counterparty_kind", {"counterparty_kind": "robot"}, id="counterparty-kind"),
    pytest.param("counterparty_region", {"counterparty_region": "999999"}, id="counterparty-region"),
    pytest.param("counterparty_country", {"counterparty_country": "XX"}, id="country"),
    pytest.param("counterparty_birth_year", {"counterparty_birth_year": 1700}, id="birth-year"),
    pytest.param("channel", {"channel": "pigeon"}, id="channel"),
    pytest.param("remark", {"remark": "x" * 257}, id="long-remark"),
    pytest.param("quantity", {"quantity": "many"}, id="quantity"),
    pytest.param("policy_issued_on", {"policy_issued_on": "2026-02-30"}, id="date"),
]


@pytest.mark.parametrize(("field", "changes"), OPTIONAL)
def test_a_bad_optional_value_is_blanked_and_counted_and_its_row_used(desk: Desk, field: str, changes: dict[str, Any]) -> None:
    before, blanked = used(), counted("detector_degraded_total", field=field)
    assert desk.take((msgspec.json.encode(fields(NOW_MS, **changes)), None)) == []
    assert used() - before == 1
    assert counted("detector_degraded_total", field=field) - blanked == 1


def test_headers_of_others_are_ignored_and_absent_ones_mean_a_json_movement(desk: Desk) -> None:
    before = used()
    value, _ = good("E1")
    other, _ = good("E2")
    assert desk.take((value, []), (other, [("traceparent", b"\xff"), ("Content-Type", b"text/csv")])) == []
    assert used() - before == 2


def test_a_duplicate_changes_nothing_and_one_with_other_content_is_refused(desk: Desk) -> None:
    same, other = good("E1"), (msgspec.json.encode(fields(NOW_MS, amount="99.00")), JSON)
    before, duplicates = used(), counted("detector_movements_total", outcome="duplicate")
    found = desk.take(same, same, other, same)
    assert [(one["offset"], one["reason"], one["field"]) for one in found] == [(2, "conflicting_duplicate", "event_id")]
    assert used() - before == 1
    assert counted("detector_movements_total", outcome="duplicate") - duplicates == 2


def test_another_holder_of_an_account_is_refused_in_movements_and_profiles(desk: Desk) -> None:
    holder, other = bad_input.accounts_of(0, 3)[1:]
    profile = {"institution_code": INSTITUTION, "institution_type": "bank", "account_id": HERE}
    found = desk.take(
        (msgspec.json.encode(fields(NOW_MS, customer_id=holder)), JSON),
        (msgspec.json.encode(fields(NOW_MS, event_id="E2", customer_id=other)), JSON),
        (msgspec.json.encode(fields(NOW_MS, event_id="E3", customer_id="no id")), JSON),
        (msgspec.json.encode(profile | {"customer_id": other}), PROFILE),
    )
    assert sorted((one["offset"], one["reason"], one["field"]) for one in found) == [
        (offset, "customer_changed", "customer_id") for offset in (1, 2, 3)
    ]


# --- bytes of any kind


def _damaged(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        changed[rng.randrange(len(changed))] = rng.choice([0, 1, 0x22, 0x7F, 0x80, 0xFF, rng.randrange(256)])
    if rng.random() < 0.2:
        del changed[rng.randrange(len(changed)) :]
    return bytes(changed)


def _accounted(found: list[dict[str, Any]], offsets: int, since: float) -> None:
    """Every record was used or refused: none vanished, and none was refused as a whole twice."""
    whole = [one["offset"] for one in found if one["row"] is None]
    assert len(whole) == len(set(whole))
    assert {one["topic"] for one in found} == {SHELF.topic}
    assert {one["offset"] for one in found} <= set(range(offsets))
    assert used() > since


@pytest.mark.parametrize("form", ["plain", "dictionaries", "zstd", "lz4"])
def test_mutated_batches_neither_end_the_worker_nor_stop_the_good_ones(desk: Desk, form: str) -> None:
    """2,200 damaged streams in all; read without being validated, such streams end the process."""
    rng = random.Random(f"worker-{form}")
    size = 210 if form == "dictionaries" else 3
    table = pa.table(columns(NOW_MS, size) | {"remark": pa.array(["投资款"] * size), "own_name": pa.array([False] * size)})
    if form in ("plain", "dictionaries"):
        data = encode_batch(check_movements(table).good)
    else:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=form)) as writer:
            writer.write_table(table)
        data = bytes(sink.getvalue())
    before, count = used(), 550
    found = desk.take(*((_damaged(rng, data), ARROW) for _ in range(count)), good("after"))
    _accounted(found, count, before)
    assert found, "damage is seen"
    assert found[-1]["offset"] < count


def test_mutated_objects_neither_end_the_worker_nor_stop_the_good_ones(desk: Desk) -> None:
    rng = random.Random("objects")
    data = msgspec.json.encode(fields(NOW_MS, remark="投资款", counterparty_birth_year=1951, own_name=True, customer_id=HERE))
    before, count = used(), 2000
    found = desk.take(*((_damaged(rng, data), None) for _ in range(count)), good("after"))
    _accounted(found, count, before)
    assert len(found) > count // 2


def test_mutated_profiles_and_watermarks_do_not_end_the_worker(desk: Desk) -> None:
    rng = random.Random("profiles")
    profile = {"institution_code": INSTITUTION, "institution_type": "bank", "account_id": HERE, "opened_on": "2020-01-31"}
    done = {"institution_code": INSTITUTION, "complete_to": "2026-03-01T00:00:00+08:00"}
    kinds = ((msgspec.json.encode(profile), PROFILE), (msgspec.json.encode(done), bad_input.WATERMARK))
    before = used()
    found = desk.take(*((_damaged(rng, data), sent) for data, sent in kinds * 300), good("after"))
    _accounted(found, 600, before)
