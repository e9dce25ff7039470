"""The servers that other integration tests stand on do what those tests take for granted."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from sqlalchemy import create_engine, text

from deploy.demo import broker

pytestmark = pytest.mark.integration


def _round_trip(address: str) -> Any:
    topic = f"trial.{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic(topic, 1, 1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=address, compression_type="zstd", enable_idempotence=True)
    producer.send(topic, value=b"moved", headers=[("fundwatch-record", b"movement")]).get(timeout=20)
    producer.close()
    consumer = KafkaConsumer(
        topic, bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=20_000
    )
    record = next(consumer)
    consumer.close()
    return record


def test_the_broker_gives_back_what_it_acknowledged(shared_broker: Any, record_property: Any) -> None:
    record_property("broker", shared_broker.kind)
    record = _round_trip(shared_broker.address)
    assert (record.value, dict(record.headers)) == (b"moved", {"fundwatch-record": b"movement"})


def test_the_embedded_broker_gives_back_what_it_acknowledged() -> None:
    with broker.running() as address:
        assert _round_trip(address).value == b"moved"


def test_each_test_has_an_empty_database_of_its_own(database: Any) -> None:
    engine = create_engine(database.address)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE trial (amount BIGINT)"))
        assert connection.execute(text("SELECT count(*) FROM trial")).scalar_one() == 0
    engine.dispose()
