"""The archive in an object store: written by workers, read for an account's history, rebuilt from, joined and checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import structlog.testing
from kafka import KafkaConsumer, KafkaProducer

from api.archive.history import History
from contract import topics
from contract.archive.listing import Archive
from contract.errors import ArchiveUnavailable
from deploy.demo.children import Children
from detector.archive.compaction import compact
from detector.catalogue import load_catalogue
from detector.decode import Record
from detector.opening import BEGUN
from tests.detector.archive.office import PLACE, SHELF, Office, fill, state_of, worked
from tests.detector.memory_log import MemoryLog
from tests.detector.shards import INSTITUTION
from tests.integration import s3
from tests.integration.conftest import Server, Stream

pytestmark = pytest.mark.integration


@pytest.fixture
def office(object_store: s3.Server, tmp_path: Path) -> Office:
    return Office(object_store.url(tmp_path.name))


@pytest.fixture
def never_stopped(tmp_path: Path) -> tuple[list[bytes], dict[str, bytes]]:
    office = Office(str(tmp_path / "never"))
    worker = worked(office.worker(archived=False))
    worker.save()
    assert len({flag.flag_id for flag in office.log.flags}) >= 20
    return office.log.wire(), state_of(worker)


def test_a_shard_rebuilt_from_s3_is_the_one_that_never_stopped_and_goes_on(
    office: Office, never_stopped: tuple[list[bytes], dict[str, bytes]]
) -> None:
    worker = office.worker()
    for _ in range(5):
        worked(worker, 1).save()
    stood = office.log.commits[SHELF].position
    office.gone()
    office.log.flags.clear()
    office.log.delete_before(SHELF, stood)
    assert compact(office.archive, PLACE, target_rows=200) >= 2
    assert office.rebuild() == 1
    worker = worked(office.worker())
    worker.save()
    assert (office.log.wire(), state_of(worker)) == never_stopped


def test_an_accounts_history_is_read_from_s3_before_and_after_its_files_are_joined(office: Office, tmp_path: Path) -> None:
    local = Office(str(tmp_path / "local"))
    for one in (office, local):
        worker = one.worker()
        for _ in range(6):
            worked(worker, 2).save()
    history, same = History(office.archive), History(local.archive)
    expected = same.movements(INSTITUTION, "a:1")
    assert expected.num_rows == 48
    assert history.movements(INSTITUTION, "a:1").equals(expected)
    compact(office.archive, PLACE)
    assert len(office.archive.of(PLACE)) == 1
    assert history.movements(INSTITUTION, "a:1").equals(expected)


def test_nothing_is_committed_where_the_archive_may_not_be_written(
    office: Office, object_store: s3.Server, tmp_path: Path, never_stopped: tuple[list[bytes], dict[str, bytes]]
) -> None:
    worker = worked(office.worker(), 2)
    object_store.deny()
    with structlog.testing.capture_logs() as logs:
        worker.save()
    [line] = [line for line in logs if line["event"] == "checkpoint_failed"]
    assert line["reason"] == "the archive cannot be written (ACCESS_DENIED in HeadObject)"
    assert office.log.commits[SHELF].checkpoint == BEGUN
    with pytest.raises(ArchiveUnavailable, match="the archive cannot be read"):
        History(office.archive).movements(INSTITUTION, "a:1")
    object_store.allow()
    worked(worker).save()
    assert [(file.first, file.stop) for file in office.archive.of(PLACE)] == [(0, office.log.end(SHELF))]
    assert office.log.wire() == never_stopped[0]


def test_commands_end_with_one_line_where_the_store_denies(
    object_store: s3.Server, office: Office, tmp_path: Path, children: Children
) -> None:
    worked(office.worker()).save()
    told = json.loads(children.run("check", ["archive", "check", office.archive_url]))
    assert (told["rows"], told["since"]) == (236, 0)
    object_store.deny()
    for verb in ("check", "compact", "forget"):
        child = children.start(f"denied-{verb}", ["archive", verb, office.archive_url])
        assert child.process.wait(timeout=60) == 1
        assert child.log.read_text() == "fundwatch: the archive cannot be read (INVALID_ACCESS_KEY_ID in ListObjectsV2)\n"
        children.started.remove(child)


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    with Children(tmp_path) as started:
        yield started


def _published(address: str) -> list[bytes]:
    """Every different flag revision of the topic, ordered as in the flags file."""
    consumer = KafkaConsumer(
        topics.FLAGS, bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=1_000
    )
    revisions = {record.value for record in consumer}
    consumer.close()
    return sorted(revisions, key=lambda line: ((flag := json.loads(line))["flag_id"], flag["revision"]))


def _send(address: str, records: Sequence[Record]) -> None:
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    for record in records:
        producer.send(record.topic, value=record.value, headers=list(record.headers), partition=0)
    producer.close()


def _expected(folder: Path) -> list[bytes]:
    """Flags of a worker of the whole catalogue that nothing happens to."""
    office = Office(str(folder), catalogue=load_catalogue())
    worked(office.worker(archived=False)).save()
    return office.log.wire()


def test_processes_killed_and_rebuilt_over_s3_publish_the_flags_of_one_that_never_stopped(
    object_store: s3.Server, own_broker: Server, children: Children, tmp_path: Path
) -> None:
    """As an operator starts them, with everything that they keep in the store."""
    if own_broker.kind != "Apache Kafka":
        pytest.skip("the embedded broker lets nobody in after a member was killed")
    lines = _expected(tmp_path / "never")
    log = MemoryLog()
    log.topic(INSTITUTION)
    fill(log)
    records = log.records[SHELF]
    children.env |= {"DETECTOR_CHECKPOINT_EVERY": "PT1S", "DETECTOR_KAFKA_SESSION": "PT6S"}
    archive = object_store.url(f"{tmp_path.name}/archive")
    address = own_broker.address
    stream = Stream(own_broker, children, checkpoints=object_store.url(f"{tmp_path.name}/checkpoints"))
    stream.topics(**{INSTITUTION: 1})
    first = stream.detect("--archive", archive)
    _send(address, records[:20])
    stream.wait(lambda: "shards_checkpointed" in first.log.read_text(), "a checkpoint lies in the store")
    _send(address, records[20:])
    first.process.kill()
    first.process.wait()
    children.started.remove(first)

    second = stream.detect("--archive", archive)
    stream.wait(lambda: _published(address) == lines, "all flags are published")
    second.process.terminate()
    children.finish(second)
    assert "shard_restored" in second.log.read_text()

    stream.checkpoints = object_store.url(f"{tmp_path.name}/none")
    third = stream.detect("--archive", archive, "--rebuild-from", archive)
    stream.wait(lambda: "rebuild_ended" in third.log.read_text(), "the rebuild has ended")
    third.process.terminate()
    children.finish(third)
    assert '"shards": 1' in third.log.read_text()
    assert _published(address) == lines
    assert History(Archive.at(archive)).movements(INSTITUTION, "a:1").num_rows == 48
    logs = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert s3.SECRET not in logs
    assert s3.KEY not in logs
