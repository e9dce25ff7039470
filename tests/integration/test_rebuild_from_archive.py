"""A worker that lost its checkpoints goes on from the archive and gives, byte for byte, the flags of one that never stopped."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer

from api.archive.history import History
from contract import topics
from contract.archive.listing import Archive

pytestmark = pytest.mark.integration

PARTITIONS = 2
SIZE = ("--days", "40", "--accounts", "1500", "--schemes", "45", "--seed", "5")


def _published(address: str) -> list[bytes]:
    """Every different flag revision of the topic, ordered as in the flags file."""
    consumer = KafkaConsumer(
        topics.FLAGS, bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=5_000
    )
    revisions = {record.value for record in consumer}
    consumer.close()
    return sorted(revisions, key=lambda line: ((flag := json.loads(line))["flag_id"], flag["revision"]))


def _rows(path: Path) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Movements of each institution, and of each of its accounts."""
    with path.open(newline="") as source:
        accounts = Counter((row["institution_code"], row["account_id"]) for row in csv.DictReader(source))
    institutions: Counter[str] = Counter()
    for (institution, _), count in accounts.items():
        institutions[institution] += count
    return institutions, accounts


def test_a_worker_without_checkpoints_is_rebuilt_from_the_archive_and_goes_on(
    stream: Any, tmp_path: Path, record_property: Any
) -> None:
    record_property("broker", stream.kafka.kind)
    city, expected, archive = tmp_path / "city", tmp_path / "flags.jsonl", tmp_path / "archive"
    stream.children.run("simulate", ["simulate", "--out", str(city), *SIZE])
    files = [str(city / "movements.csv"), "--profiles", str(city / "profiles.csv")]
    replay = ["replay", "--movements", *files, "--flags", str(expected), "--partitions", str(PARTITIONS)]
    stream.children.run("replay", replay)
    institutions, accounts = _rows(city / "movements.csv")

    stream.topics(**dict.fromkeys(institutions, PARTITIONS))
    worker = stream.detect("--archive", str(archive))
    first, *others = sorted(institutions)
    stream.produce(*files, "--format", "csv", institution=first)
    stream.wait_consumed()
    for institution in others:
        stream.produce(*files, "--format", "csv", institution=institution)
    stream.wait(lambda: sum(stream.consumed()) > stream.sent // 2, "half is consumed")
    worker.process.terminate()
    stream.children.finish(worker)
    stream.ops_ports.clear()
    shutil.rmtree(tmp_path / "checkpoints")

    again = stream.detect("--archive", str(archive), "--rebuild-from", str(archive))
    lines = expected.read_bytes().splitlines()
    stream.wait(lambda: len(_published(stream.kafka.address)) >= len(lines), f"{len(lines)} revisions published")
    assert _published(stream.kafka.address) == lines
    again.process.terminate()
    stream.children.finish(again)
    events = [json.loads(line) for line in again.log.read_text().splitlines()]
    rebuilt = [event for event in events if event["event"] == "shard_rebuilt"]
    assert rebuilt
    assert not [event for event in events if event["event"] == "archive_gap"]

    checked = [json.loads(line) for line in stream.children.run("check", ["archive", "check", str(archive)]).splitlines()]
    assert len(checked) == PARTITIONS * len(institutions)
    assert all(one["since"] == 0 for one in checked)
    history = History(Archive.at(str(archive)))
    for (institution, account), count in accounts.most_common(3):
        assert history.movements(institution, account, most=100_000).num_rows == count
    stream.children.run("compact", ["archive", "compact", str(archive)])
    (institution, account), count = accounts.most_common(1)[0]
    assert history.movements(institution, account, most=100_000).num_rows == count
