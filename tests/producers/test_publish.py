"""Every item becomes records in order, nothing counts before it is acknowledged, and memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.arrow_codec import decode_batch
from contract.checks import check_movements
from contract.errors import TransportUnavailable
from contract.json_codec import decode_watermark
from contract.records import ContentType, RecordKind
from contract.stream import Movements, Profiles
from producers.files import read_files
from producers.publish import MOST_RECORD_BYTES, Pace, Publisher

Written = Callable[..., Path]


def _items(path: Path, partitions: int = 1, **options: Any) -> list[Any]:
    return list(read_files([path], partitions=lambda _code: partitions, **options))


def _publisher(log: Any, seen: list[int], **options: Any) -> Publisher:
    return Publisher(log, seen.append, Pace(None), **options)


def test_a_partition_holds_movements_profiles_and_watermarks_in_the_order_of_the_items(written: Written, fake_log: Any) -> None:
    base = {"institution_code": "B1", "institution_type": "bank"}
    profiles = written([{"account_id": f"a:{n}"} for n in range(9)], "profiles.csv", base)
    path = written(
        [
            {"event_id": f"E{n}", "account_id": f"a:{n % 9}", "occurred_at": f"2026-01-{5 + n // 30:02}T09:00:00Z"}
            for n in range(90)
        ]
    )
    items = _items(path, 3, profiles=[profiles])
    log = fake_log(partitions=3)
    seen: list[int] = []
    publisher = _publisher(log, seen, rows_per_record=7)
    for item in items:
        publisher.publish(item)
    publisher.finish()
    assert publisher.records == len(log.records)
    assert sum(seen) == 90
    for partition in range(3):
        expected: list[Any] = []
        for item in items:
            if isinstance(item, Movements | Profiles) and item.partition == partition:
                column = "event_id" if isinstance(item, Movements) else "account_id"
                expected += item.batch.column(column).to_pylist()
            elif hasattr(item, "complete_to_ms"):
                expected.append(item.complete_to_ms)
        found: list[Any] = []
        for place, value, kind, content in log.records:
            if place != partition:
                continue
            if kind is RecordKind.WATERMARK:
                assert content is ContentType.JSON
                found.append(decode_watermark(value).complete_to_ms)
            else:
                assert content is ContentType.ARROW
                table = decode_batch(value, kind)
                assert table.num_rows <= 7
                found += table.column("event_id" if kind is RecordKind.MOVEMENT else "account_id").to_pylist()
        assert found == expected


def test_what_is_sent_is_what_was_checked(written: Written, fake_log: Any) -> None:
    path = written([{"event_id": f"E{n}", "remark": "房租", "own_name": "true", "balance_after": "-3.2"} for n in range(300)])
    [batch] = [item.batch for item in _items(path) if isinstance(item, Movements)]
    log = fake_log()
    publisher = _publisher(log, [])
    publisher.publish(Movements("B1", 1, batch, None, 0, batch.num_rows, None))
    [(partition, value, kind, _content)] = log.records
    assert partition == 1
    assert check_movements(decode_batch(value, kind)).good.equals(batch)


def test_a_record_stays_under_the_brokers_limit(written: Written, fake_log: Any) -> None:
    # Texts of 256 characters of four bytes each, all different, so that nothing makes them small.
    rows = [
        {"event_id": f"E{n}", "remark": f"{n:06}" + "\U00020000" * 250, "purpose": "\U00020001" * 250 + f"{n:06}"}
        for n in range(900)
    ]
    log = fake_log()
    seen: list[int] = []
    publisher = _publisher(log, seen)
    for item in _items(written(rows)):
        publisher.publish(item)
    publisher.finish()
    assert max(len(value) for _, value, _, _ in log.records) <= MOST_RECORD_BYTES
    assert sum(seen) == 900
    assert len(log.records) > 2


def test_nothing_counts_before_its_acknowledgement(written: Written, fake_log: Any, fake_receipt: Any) -> None:
    log = fake_log(receipt=lambda: fake_receipt(silences=2))
    seen: list[int] = []
    publisher = _publisher(log, seen)
    for item in _items(written([{"event_id": f"E{n}"} for n in range(10)])):
        publisher.publish(item)
    assert seen == []
    publisher.finish()
    assert seen == [10]


def test_no_more_is_in_flight_than_allowed(written: Written, fake_log: Any, fake_receipt: Any) -> None:
    log = fake_log(receipt=lambda: fake_receipt(silences=1))
    publisher = _publisher(log, [], rows_per_record=10, most_in_flight=20_000)
    most = 0
    send = log.send

    def counted(*record: Any) -> Any:
        nonlocal most
        receipt = send(*record)
        waiting = sum(len(r[1]) for r, one in zip(log.records, log.receipts, strict=True) if not one.done())
        most = max(most, waiting)
        return receipt

    log.send = counted
    for item in _items(written([{"event_id": f"E{n}"} for n in range(400)])):
        publisher.publish(item)
    assert 0 < most <= 20_000


def test_a_refused_record_ends_the_run_and_does_not_count(written: Written, fake_log: Any, fake_receipt: Any) -> None:
    log = fake_log(receipt=lambda: fake_receipt(refused=True))
    seen: list[int] = []
    publisher = _publisher(log, seen)
    publisher.publish(_items(written([{"event_id": "E1"}, {"event_id": "E2"}]))[-2])
    with pytest.raises(TransportUnavailable, match="did not take a record"):
        publisher.finish()
    assert len(log.records) == 1
    assert seen == []


def test_a_paced_stream_keeps_its_pace_evenly() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(200, clock=lambda: now[0], sleep=sleep)
    assert pace.step(1000) == 50
    for _ in range(20):
        pace.wait(50)
    assert now[0] - 100.0 == pytest.approx(19 * 50 / 200), "1,000 movements take five seconds, the last part leaves at 4.75"
    assert max(slept) == pytest.approx(0.25)


def test_a_slow_pace_sends_single_movements() -> None:
    assert Pace(0.5).step(1000) == 1
    assert Pace(None).step(1000) == 1000
