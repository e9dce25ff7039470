"""Flags that went through a broker and several workers are, byte for byte, those of ``fundwatch replay`` over the files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer

from contract import topics

pytestmark = pytest.mark.integration

PARTITIONS = 2
SIZE = ("--days", "90", "--accounts", "6000", "--schemes", "200", "--seed", "11")


def _simulated(children: Any, folder: Path) -> tuple[list[str], list[str]]:
    """A city's files as options, and its institutions."""
    children.run("simulate", ["simulate", "--out", str(folder), *SIZE])
    with (folder / "profiles.csv").open() as profiles:
        header = [name.strip('"') for name in profiles.readline().strip().split(",")]
        column = header.index("institution_code")
        institutions = sorted({line.split(",")[column].strip('"') for line in profiles})
    return [str(folder / "movements.csv"), "--profiles", str(folder / "profiles.csv")], institutions


def _published(address: str) -> list[bytes]:
    """Every different flag revision of the topic, ordered as in the flags file."""
    consumer = KafkaConsumer(
        topics.FLAGS, bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=5_000
    )
    revisions = {record.value for record in consumer}
    consumer.close()
    return sorted(revisions, key=lambda line: ((flag := json.loads(line))["flag_id"], flag["revision"]))


def test_two_workers_over_a_broker_give_the_flags_of_replay(stream: Any, tmp_path: Path, record_property: Any) -> None:
    record_property("broker", stream.kafka.kind)
    files, institutions = _simulated(stream.children, tmp_path / "city")
    expected = tmp_path / "flags.jsonl"
    movements, *profiles = files
    replay = ["replay", "--movements", movements, *profiles, "--flags", str(expected), "--partitions", str(PARTITIONS)]
    stream.children.run("replay", replay)

    stream.topics(**dict.fromkeys(institutions, PARTITIONS))
    stream.detect()
    for number, institution in enumerate(institutions):
        if number == len(institutions) // 2:
            # The second worker comes in the middle: shards move to it with all that they have learned.
            stream.detect()
        stream.produce(*files, "--format", "csv", institution=institution)
    stream.wait_consumed()
    assert all(stream.consumed()), "both workers have worked"

    lines = expected.read_bytes().splitlines()
    stream.wait(lambda: len(_published(stream.kafka.address)) >= len(lines), f"{len(lines)} revisions published")
    assert _published(stream.kafka.address) == lines

    flags = [json.loads(line) for line in lines]
    typologies = Counter(finding["typology"] for flag in flags for finding in flag["findings"])
    assert len({flag["flag_id"] for flag in flags}) >= 200, "the comparison must be over many flags"
    assert max(flag["revision"] for flag in flags) > 1
    assert len(typologies) >= 6, typologies
