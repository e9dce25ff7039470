"""The ledger's consumer at a broker: a group that is slow to form, or that needs no more members, is no broker gone."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from api.ledger import kafka
from api.ledger.kafka import KafkaFlags
from api.ledger.source import FlagRecord
from contract.topics import FLAGS, SCHEMES, rejects_topic
from deploy.demo import broker

GROUP = "fundwatch-ledger-test"


def join(source: KafkaFlags) -> None:
    """Poll until the group gives partitions."""
    deadline = time.monotonic() + 30.0
    while not source._consumer.assignment():  # noqa: SLF001  no caller but a test asks for it
        assert time.monotonic() < deadline, "the group never gave this member a partition"
        source.poll(timeout_s=0.5)


def test_an_institution_that_joins_brings_its_rejects_along() -> None:
    with broker.running() as address, closing(KafkaFlags(address, GROUP)) as source:
        with closing(KafkaProducer(bootstrap_servers=address)) as producer:
            for topic in (rejects_topic("NEW01"), "fundwatch.events.v1.NEW01", SCHEMES):
                producer.send(topic, topic.encode()).get(10)
        found: list[FlagRecord] = []
        deadline = time.monotonic() + 60.0
        while len(found) < 2:
            assert time.monotonic() < deadline, "the topic was never read"
            found += source.poll(timeout_s=0.5)
        assert {record.topic for record in found} == {rejects_topic("NEW01"), SCHEMES}, "and nobody's movements"


def test_a_member_without_partitions_does_not_take_the_broker_for_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with broker.running() as address:
        with closing(KafkaAdminClient(bootstrap_servers=address)) as admin:
            admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1} for name in (FLAGS, SCHEMES)})
        with closing(KafkaFlags(address, GROUP)) as first:
            join(first)
            # Every silent poll asks whether the broker still lives, as it does after five seconds.
            monkeypatch.setattr(kafka, "_PROBE_S", 0.0)
            with closing(KafkaFlags(address, GROUP)) as second:
                for _ in range(8):
                    first.poll(timeout_s=0.5)
                    assert second.poll(timeout_s=0.5) == []
