"""The table of bad input over a real broker and the product's own worker: the same rejects in the institution's own topic."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from kafka import KafkaConsumer, KafkaProducer

from contract import reject
from contract.topics import events_topic, rejects_topic
from deploy.demo import figures
from tests.detector import bad_input

pytestmark = pytest.mark.integration


def _send(address: str, records: list[tuple[bytes, Any]]) -> None:
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    topic = events_topic(bad_input.INSTITUTION)
    sent = [producer.send(topic, value=value, headers=headers or [], partition=0) for value, headers in records]
    producer.flush()
    assert [future.get().offset for future in sent] == list(range(len(records)))
    producer.close()


def _rejects(address: str) -> list[reject.Reject]:
    consumer = KafkaConsumer(
        rejects_topic(bad_input.INSTITUTION),
        bootstrap_servers=address,
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=2_000,
    )
    found = [reject.decode(record.value) for record in consumer]
    consumer.close()
    return found


def test_every_bad_record_is_one_reject_in_the_institutions_topic_and_the_rest_is_used(stream: Any, record_property: Any) -> None:
    record_property("broker", stream.kafka.kind)
    now_ms = int(time.time() * 1000)
    table = bad_input.every(now_ms)
    records: list[tuple[bytes, Any]] = []
    for number, bad in enumerate(table):
        good = msgspec.json.encode(bad_input.fields(now_ms, event_id=f"E{number}"))
        records += [(bad.value, bad.sent), (good, bad_input.JSON)]
    stream.topics(**{bad_input.INSTITUTION: bad_input.PARTITIONS})
    _send(stream.kafka.address, records)
    worker = stream.detect()

    def outcomes() -> dict[str, int]:
        return dict(figures.by_label(figures.scrape(stream.ops_ports[0]), "detector_movements_total", "outcome"))

    expected = {"used": len(table), "rejected": len(table)}
    stream.wait(lambda: sum(outcomes().values()) >= sum(expected.values()), "all records taken")
    assert outcomes() == expected
    # Ending flushes what was handed over: after it every reject is in the topic.
    worker.process.terminate()
    assert worker.process.wait(timeout=60) == 0, worker.log.read_text()
    found = _rejects(stream.kafka.address)
    assert [(one.offset, one.row, one.reason, one.field) for one in sorted(found, key=lambda one: one.offset)] == [
        (2 * number, None, bad.reason, bad.field) for number, bad in enumerate(table)
    ]
    assert {(one.institution_code, one.topic, one.partition) for one in found} == {
        (bad_input.INSTITUTION, events_topic(bad_input.INSTITUTION), 0)
    }
