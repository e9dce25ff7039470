"""Checkpoints in an object store: by S3's protocol over HTTP, against a server of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog.testing
from pyarrow import fs

from contract.errors import CheckpointMismatch, ConfigurationError, StoreUnavailable
from deploy.servers.process import free_port
from detector.checkpoint import LEAST_SHARED, CheckpointStore
from detector.opening import BEGUN, Opening
from detector.snapshot import Snapshot, Wanted
from detector.worker import Worker
from tests.detector.archive.office import SHELF, fill, worked
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, INSTITUTION
from tests.integration import s3

pytestmark = pytest.mark.integration
TOPIC = "fundwatch.events.v1.BANK1"
DEADLINE_S = 60.0


@pytest.fixture
def store(object_store: s3.Server, tmp_path: Path) -> CheckpointStore:
    return CheckpointStore.at(object_store.url(f"{tmp_path.name}/checkpoints"), 2, least_shared=0)


class Bench:
    """A full log in memory and workers whose checkpoints lie in the store."""

    def __init__(self, store: CheckpointStore, *, least_shared: int = LEAST_SHARED) -> None:
        self.log = MemoryLog()
        self.log.topic(INSTITUTION)
        fill(self.log)
        self.store, self.least_shared = store, least_shared

    def worker(self) -> Worker:
        """A worker that is the only member, after a crash of the others, and has nothing but what is stored."""
        self.log.members.clear()
        transport = MemoryTransport(self.log, 3)
        store = CheckpointStore(self.store.files, self.store.root, 2, least_shared=self.least_shared)
        worker = Worker(transport, store, Opening(transport, store, CATALOGUE, 600_000), 1e9, lambda: False, pause=self.paused)
        worker.begin()
        return worker

    def paused(self, _seconds: float) -> None:
        """What a worker waits for does not come here."""
        raise Waits


class Waits(BaseException):
    """A worker waits."""


@pytest.fixture
def expected(tmp_path: Path) -> list[bytes]:
    bench = Bench(CheckpointStore.at(str(tmp_path / "never"), 2))
    worked(bench.worker()).save()
    wire = bench.log.wire()
    assert len(wire) >= 40
    return wire


def _reasons(logs: Any) -> list[str]:
    return [line["reason"] for line in logs if line["event"] in ("checkpoint_failed", "checkpoint_refused")]


def test_checkpoints_are_written_shared_pruned_and_read_back_through_s3(store: CheckpointStore) -> None:
    numbers = np.arange(2_000_000)
    names = []
    for at in range(11):
        numbers[at * 100_000] = -at
        names.append(store.write(TOPIC, 0, at, "c1", {"numbers": numbers, "text": b"words"}))
        store.prune(TOPIC, 0, names[-1])
    assert [position for _, position in store.newest(TOPIC, 0)] == [10, 9, 7]
    state = store.read(names[-1], TOPIC, 0, 10, "c1")
    assert np.array_equal(state["numbers"], numbers)
    assert state["text"] == b"words"
    with pytest.raises(CheckpointMismatch, match="is missing or damaged"):
        store.read(names[3], TOPIC, 0, 3, "c1")


def test_a_checkpoint_beside_the_stream_is_sent_to_s3(store: CheckpointStore) -> None:
    numbers = np.arange(3_000_000)
    snapshot = Snapshot.take(store, [Wanted(TOPIC, 1, 7, "c1", {"numbers": numbers})])
    numbers[:] = 0
    until = time.monotonic() + DEADLINE_S
    while not snapshot.is_over():
        assert time.monotonic() < until
    [name] = snapshot.names()
    assert np.array_equal(store.read(name, TOPIC, 1, 7, "c1")["numbers"], np.arange(3_000_000))


def test_workers_that_crash_after_some_polls_go_on_from_s3_with_the_same_flags(
    store: CheckpointStore, expected: list[bytes]
) -> None:
    bench = Bench(store, least_shared=0)
    for polls in (2, 1, 4, 3):
        worked(bench.worker(), polls).save()
        assert len(store.newest(*SHELF)) <= 3
    worked(worked(bench.worker(), 2)).save()
    assert bench.log.wire() == expected
    assert bench.log.commits[SHELF].position == bench.log.end(SHELF)


@pytest.mark.parametrize("cut", ["state.bin", "manifest.json"])
def test_a_truncated_object_is_refused_and_the_checkpoint_before_it_gives_the_same_flags(
    store: CheckpointStore, expected: list[bytes], cut: str
) -> None:
    bench = Bench(store)
    worker = bench.worker()
    for _ in range(3):
        worked(worker, 2).save()
    committed = bench.log.commits[SHELF].checkpoint
    path = f"{store.root}/{committed}/{cut}"
    with store.files.open_input_stream(path) as source:
        data = source.read()
    with store.files.open_output_stream(path) as sink:
        sink.write(data[: len(data) // 2])
    with structlog.testing.capture_logs() as logs:
        worked(bench.worker()).save()
    [reason] = _reasons(logs)
    assert "damaged" in reason
    assert bench.log.wire() == expected


def test_a_store_that_denies_is_said_with_its_reason_and_nothing_is_committed(
    object_store: s3.Server, store: CheckpointStore, expected: list[bytes]
) -> None:
    bench = Bench(store)
    worker = worked(bench.worker(), 2)
    object_store.deny()
    with structlog.testing.capture_logs() as logs:
        worker.save()
    assert [reason.split("(")[0] for reason in _reasons(logs)] == ["no checkpoint can be written "]
    assert "ACCESS_DENIED in" in _reasons(logs)[0]
    assert s3.SECRET not in str(logs)
    assert bench.log.commits[SHELF].checkpoint == BEGUN
    object_store.allow()
    worked(worker).save()
    assert bench.log.wire() == expected
    assert bench.log.commits[SHELF].position == bench.log.end(SHELF)


def test_a_checkpoint_that_may_not_be_read_is_waited_for_and_not_called_damaged(
    object_store: s3.Server, store: CheckpointStore
) -> None:
    name = store.write(TOPIC, 0, 5, "c1", {"text": b"words"})
    object_store.deny()
    with pytest.raises(StoreUnavailable, match=r"at 5 cannot be read \(ACCESS_DENIED in HeadObject\)"):
        store.read(name, TOPIC, 0, 5, "c1")
    with pytest.raises(StoreUnavailable, match=r"the store of checkpoints cannot be read \("):
        store.newest(TOPIC, 0)


def test_a_worker_waits_for_a_store_that_denies_its_checkpoint(object_store: s3.Server, store: CheckpointStore) -> None:
    bench = Bench(store)
    worked(bench.worker(), 2).save()
    object_store.deny()
    with structlog.testing.capture_logs() as logs, pytest.raises(Waits):
        worked(bench.worker(), 1)
    assert "cannot be read (" in _reasons(logs)[0]


def test_a_store_that_is_away_is_told_from_one_that_cannot_be_used(
    object_store: s3.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match=r"--checkpoint must be .* \(no such bucket\)"):
        CheckpointStore.at("s3://another/checkpoints", 2)
    with pytest.raises(ConfigurationError, match="--checkpoint holds credentials: give them in the environment"):
        CheckpointStore.at(f"s3://{s3.KEY}:{s3.SECRET}@{s3.BUCKET}/checkpoints", 2)
    object_store.deny()
    with pytest.raises(ConfigurationError, match=r"\(ACCESS_DENIED in HeadBucket\)"):
        CheckpointStore.at(object_store.url("checkpoints"), 2)
    # As the product opens it, but for the client's own twelve seconds of trying.
    impatient = fs.S3FileSystem(
        endpoint_override=f"127.0.0.1:{free_port()}", scheme="http", retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1)
    )
    monkeypatch.setattr("detector.checkpoint.opened", lambda url, _option: (impatient, url))
    with pytest.raises(StoreUnavailable, match=r"the object store cannot be reached \(NETWORK_CONNECTION in HeadBucket\)"):
        CheckpointStore.at("fundwatch/checkpoints", 2)
