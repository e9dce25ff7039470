"""The ledger's consumer at a broker: a group that is slow to form, or that needs no more members, is no broker gone."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from kafka import KafkaAdminClient

from api.ledger import kafka
from api.ledger.kafka import KafkaFlags
from contract.topics import FLAGS, SCHEMES
from deploy.demo import broker

GROUP = "fundwatch-ledger-test"


def join(source: KafkaFlags) -> None:
    """Poll until the group gives partitions."""
    deadline = time.monotonic() + 30.0
    while not source._consumer.assignment():  # noqa: SLF001  no caller but a test asks for it
        assert time.monotonic() < deadline, "the group never gave this member a partition"
        source.poll(timeout_s=0.5)


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
