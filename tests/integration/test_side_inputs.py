"""A watch list that changes while workers come and go: the broker's flags are those of a replay with the control records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from contract import topics

pytestmark = pytest.mark.integration

CONTACT = "watchlist_contact@1"
SIZE = ("--days", "40", "--accounts", "1500", "--schemes", "30", "--seed", "5")
CONFIG = "[typology.watchlist_contact]\nleast_moved_minor = 1\nleast_share = 0.001\n"


def _values(address: str, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=5_000
    )
    values = [record.value for record in consumer]
    consumer.close()
    return values


def _flags(address: str) -> list[bytes]:
    revisions = set(_values(address, topics.FLAGS))
    return sorted(revisions, key=lambda line: ((flag := json.loads(line))["flag_id"], flag["revision"]))


def _subjects(folder: Path) -> list[bytes]:
    """Customers of the city that pay in to many, so that some account is in contact with them."""
    header, *rows = (folder / "profiles.csv").read_text().splitlines()
    column = [name.strip('"') for name in header.split(",")].index("customer_id")
    customers = sorted({row.split(",")[column].strip('"') for row in rows} - {""})
    return [customer.encode() for customer in customers[:: max(1, len(customers) // 200)]]


def _listed(producer: Any, subjects: list[bytes], status: bytes) -> None:
    for subject in subjects:
        value = b'{"subject":"%s","status":"%s","since":"2026-01-01T00:00:00Z"}' % (subject, status)
        producer.send(topics.WATCHLIST, value=value, key=subject)
    producer.send(topics.WATCHLIST, value=b"not an entry")
    producer.flush()


def _is_settled(address: str, institutions: list[str]) -> bool:
    """Whether the group has committed every event topic to its end."""
    consumer = KafkaConsumer(bootstrap_servers=address, group_id="fundwatch-detect", enable_auto_commit=False)
    places = [TopicPartition(topics.events_topic(code), number) for code in institutions for number in range(2)]
    ends = consumer.end_offsets(places)
    settled = all((consumer.committed(place) or 0) == ends[place] for place in places)
    consumer.close()
    return settled


def test_the_stream_with_a_changing_watch_list_is_the_replay_with_its_control_records(stream: Any, tmp_path: Path) -> None:
    city, config = tmp_path / "city", tmp_path / "one.toml"
    config.write_text(CONFIG)
    stream.children.env |= {"DETECTOR_CHECKPOINT_EVERY": "PT1S", "DETECTOR_KAFKA_SESSION": "PT6S"}
    stream.children.run("simulate", ["simulate", "--out", str(city), *SIZE])
    files = ["--profiles", str(city / "profiles.csv")]
    header, *rows = (city / "profiles.csv").read_text().splitlines()
    column = [name.strip('"') for name in header.split(",")].index("institution_code")
    institutions = sorted({row.split(",")[column].strip('"') for row in rows})
    stream.topics(**dict.fromkeys(institutions, 2))
    producer = KafkaProducer(bootstrap_servers=stream.kafka.address)
    subjects = _subjects(city)

    worker = stream.detect("--config", str(config))
    for number, institution in enumerate(institutions):
        if number == 1:
            _listed(producer, subjects, b"FOUND")
        if number == 2:
            # Killed in the middle: what it turned and did not commit is turned again by the next.
            worker.process.kill()
            worker.process.wait()
            stream.children.started.remove(worker)
            stream.ops_ports.clear()
            _listed(producer, subjects[::2], b"CLEARED")
            stream.detect("--config", str(config))
        stream.produce(str(city / "movements.csv"), *files, "--format", "csv", institution=institution)
    producer.close()

    def replayed() -> list[bytes]:
        listed, control, flags = tmp_path / "w.jsonl", tmp_path / "c.jsonl", tmp_path / "flags.jsonl"
        for path, topic in ((listed, topics.WATCHLIST), (control, topics.CONTROL)):
            path.write_bytes(b"".join(value + b"\n" for value in _values(stream.kafka.address, topic)))
        sides = ["--watchlist", str(listed), "--control", str(control)]
        command = ["replay", "--movements", str(city / "movements.csv"), *files, "--flags", str(flags), "--partitions", "2"]
        stream.children.run("replay", [*command, "--config", str(config), *sides])
        return flags.read_bytes().splitlines()

    stream.wait(lambda: _is_settled(stream.kafka.address, institutions), "everything judged and committed")
    lines = replayed()
    assert _flags(stream.kafka.address) == lines
    findings = [one["typology"] for line in lines for one in json.loads(line)["findings"]]
    assert CONTACT in findings
