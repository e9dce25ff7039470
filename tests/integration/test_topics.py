"""``fundwatch topics`` on a real broker: what is made is what is checked, and what differs is named."""

from __future__ import annotations

import pytest
from kafka import KafkaAdminClient

from contract.topics import events_topic
from tests.detector.command_line import refused, run
from tests.integration.conftest import Server

pytestmark = pytest.mark.integration


def test_topics_are_made_as_they_should_be_and_what_differs_is_named(
    own_broker: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    broker = ("--kafka", own_broker.address)
    missing = run(capsys, "topics", "check", *broker, "--institution", "B1=2")
    assert (missing.code, "fundwatch.events.v1.B1 is missing" in missing.err) == (1, True)
    made = run(capsys, "topics", "create", *broker, "--institution", "B1=2")
    assert (made.code, len(made.out.split())) == (0, 8)
    assert run(capsys, "topics", "check", *broker, "--institution", "B1=2").out == "8 topics as they should be\n"
    assert "B1 has 2 partitions, not 3" in run(capsys, "topics", "check", *broker, "--institution", "B1=3").err


def test_a_topic_made_by_others_is_found_to_take_the_senders_clock(
    own_broker: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = KafkaAdminClient(bootstrap_servers=own_broker.address)
    admin.create_topics({events_topic("B2"): {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    told = run(capsys, "topics", "check", "--kafka", own_broker.address, "--institution", "B2=1")
    assert told.code == 1
    assert "fundwatch.events.v1.B2 has message.timestamp.type=CreateTime, not LogAppendTime" in told.err


@pytest.mark.parametrize("given", ["a b=2", "B1", "B1=0", "B1=²", "=2"])
def test_an_institution_that_is_none_is_refused_before_the_broker_is_asked(
    capsys: pytest.CaptureFixture[str], given: str
) -> None:
    refused(run(capsys, "topics", "create", "--kafka", "127.0.0.1:1", "--institution", given), "--institution", "CODE=PARTITIONS")
