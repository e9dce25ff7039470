"""Schemes and flags of members that went through a broker are, byte for byte, those of ``fundwatch replay --schemes``."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from contract import evidence, topics
from contract.evidence import DayMark

pytestmark = pytest.mark.integration

PARTITIONS = 2
SIZE = ("--days", "45", "--accounts", "1200", "--schemes", "40", "--seed", "11")


def simulated(children: Any, folder: Path) -> tuple[Path, Path, list[str]]:
    """A city's movements and profiles, and its institutions."""
    children.run("simulate", ["simulate", "--out", str(folder), *SIZE])
    with (folder / "profiles.csv").open() as profiles:
        column = [name.strip('"') for name in profiles.readline().strip().split(",")].index("institution_code")
        institutions = sorted({line.split(",")[column].strip('"') for line in profiles})
    return folder / "movements.csv", folder / "profiles.csv", institutions


def published(address: str, topic: str) -> list[bytes]:
    """Every record of a topic, in no order between partitions."""
    consumer = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, enable_auto_commit=False)
    shelves = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    consumer.assign(shelves)
    ends = consumer.end_offsets(shelves)
    found: list[bytes] = []
    deadline = time.monotonic() + 60.0
    while any(consumer.position(one) < ends[one] for one in shelves):
        found += [record.value for records in consumer.poll(timeout_ms=500).values() for record in records]
        assert time.monotonic() < deadline, f"{topic} cannot be read to its end"
    consumer.close()
    return found


def revisions(address: str, topic: str, key: str) -> list[bytes]:
    """Every different revision of a topic, in the order of its file."""
    return sorted(set(published(address, topic)), key=lambda line: ((one := json.loads(line))[key], one["revision"]))


def newest_mark(address: str) -> dict[tuple[str, int], int]:
    """The newest day that each shard has closed."""
    marks: dict[tuple[str, int], int] = {}
    for record in map(evidence.decode, published(address, topics.EVIDENCE)):
        if isinstance(record, DayMark):
            shard = (record.institution_code, record.partition)
            marks[shard] = max(marks.get(shard, record.day), record.day)
    return marks


def test_schemes_over_a_broker_are_those_of_replay(stream: Any, tmp_path: Path, record_property: Any) -> None:
    """Two workers; the scheme process is killed in the middle, and the one that stood by ends it."""
    record_property("broker", stream.kafka.kind)
    movements, profiles, institutions = simulated(stream.children, tmp_path / "city")
    files = ("--movements", str(movements), "--profiles", str(profiles), "--partitions", str(PARTITIONS))
    flags, schemes = tmp_path / "flags.jsonl", tmp_path / "schemes.jsonl"
    stream.children.run("replay", ["replay", *files, "--flags", str(flags), "--schemes", str(schemes)])

    stream.topics(**dict.fromkeys(institutions, PARTITIONS))
    stream.detect()
    first = stream.schemes()
    for number, institution in enumerate(institutions):
        if number == len(institutions) // 2:
            stream.detect()
            stream.schemes()
        stream.produce(str(movements), "--profiles", str(profiles), "--format", "csv", institution=institution)
    stream.wait(lambda: stream.judged() > 0, "a day judged")
    stream.children.started.remove(first)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    stream.wait_consumed()

    wanted = schemes.read_bytes().splitlines()
    address = stream.kafka.address
    # Each institution's file ends on a day of its own; what not all have closed is judged by neither.
    stream.wait(lambda: stream.judged() >= min(newest_mark(address).values()), "every day judged")
    stream.wait(lambda: len(revisions(address, topics.SCHEMES, "scheme_id")) >= len(wanted), f"{len(wanted)} revisions")
    assert revisions(address, topics.SCHEMES, "scheme_id") == wanted
    assert revisions(address, topics.FLAGS, "flag_id") == flags.read_bytes().splitlines()

    found = [json.loads(line) for line in wanted]
    assert len({one["scheme_id"] for one in found}) >= 5, "the comparison must be over some schemes"
    assert max(one["revision"] for one in found) > 1
    spoken = [finding["typology"] for line in flags.read_bytes().splitlines() for finding in json.loads(line)["findings"]]
    assert sum(name.startswith("linked_accounts@") for name in spoken) >= 20, "flags of members are among those compared"
