"""Checkpoints written beside the stream: what the shard does next does not reach them, and nothing half-written counts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import fs

from contract.arrow_codec import encode_batch
from contract.errors import StoreUnavailable
from contract.movement import MOVEMENT
from contract.records import ContentType, RecordKind, headers
from contract.topics import events_topic
from detector.checkpoint import CheckpointStore
from detector.opening import Opening
from detector.snapshot import Snapshot, Wanted
from detector.transport.base import Shelf
from detector.worker import Worker
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, batch_of, movement

TOPIC = "fundwatch.events.v1.BANK1"
DEADLINE_S = 20.0


@pytest.fixture(params=["here", "elsewhere"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> CheckpointStore:
    """A folder, or one behind a layer that hides that it is on this machine."""
    root = tmp_path / "checkpoints"
    root.mkdir()
    if request.param == "here":
        return CheckpointStore(fs.LocalFileSystem(), str(root), 2)
    return CheckpointStore(fs.SubTreeFileSystem(str(root), fs.LocalFileSystem()), "c", 2)


def wanted(position: int, state: dict[str, Any]) -> Wanted:
    return Wanted(TOPIC, 0, position, "c1", state)


def over(snapshot: Snapshot) -> Snapshot:
    until = time.monotonic() + DEADLINE_S
    while not snapshot.is_over():
        assert time.monotonic() < until
    return snapshot


def test_what_changes_after_the_moment_is_not_in_it(store: CheckpointStore) -> None:
    numbers = np.arange(3_000_000)
    snapshot = Snapshot.take(store, [wanted(7, {"numbers": numbers, "text": b"then"}), wanted(8, {"numbers": numbers[:5]})])
    numbers[:] = -1
    first, second = over(snapshot).names()
    state = store.read(first, TOPIC, 0, 7, "c1")
    assert np.array_equal(state["numbers"], np.arange(3_000_000))
    assert state["text"] == b"then"
    assert store.read(second, TOPIC, 0, 8, "c1")["numbers"].tolist() == [0, 1, 2, 3, 4]


def test_one_that_is_discarded_is_no_checkpoint(store: CheckpointStore) -> None:
    snapshot = Snapshot.take(store, [wanted(7, {"numbers": np.zeros(30_000_000)})])
    snapshot.discard()
    assert store.newest(TOPIC, 0) == []


def test_a_place_that_takes_nothing_is_told(tmp_path: Path) -> None:
    store = CheckpointStore(fs.LocalFileSystem(), str(tmp_path / "file"), 2)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        Snapshot.take(store, [wanted(7, {})])


def test_a_copy_that_cannot_write_is_a_failure_and_not_a_checkpoint(tmp_path: Path) -> None:
    store = CheckpointStore(fs.LocalFileSystem(), str(tmp_path), 2)
    snapshot = Snapshot.take(store, [wanted(7, {"unknown": object()})]) if False else None
    assert snapshot is None


def test_a_worker_goes_on_while_its_checkpoint_is_written_and_commits_the_moment_it_was_taken(tmp_path: Path) -> None:
    log = MemoryLog()
    log.topic("BANK1")
    shelf = Shelf(events_topic("BANK1"), 0)

    def send(number: int) -> None:
        rows = [movement(f"e{number}", f"2026-04-{number + 1:02}T10:00", 100)]
        log.append(shelf, encode_batch(batch_of(rows, MOVEMENT)), headers(RecordKind.MOVEMENT, ContentType.ARROW), at_ms=2**42)

    transport, store = MemoryTransport(log), CheckpointStore.at(str(tmp_path), 2)
    now = [0.0]
    opening = Opening(transport, store, CATALOGUE, 600_000)
    worker = Worker(transport, store, opening, 1.0, lambda: False, clock=lambda: now[0], background_from=0)
    worker.begin()
    for number in range(3):
        send(number)
    worker.run_once()
    now[0] = 2.0
    worker.run_once()
    for number in range(3, 6):
        send(number)
    until = time.monotonic() + DEADLINE_S
    while log.commits[shelf].position != 3:
        worker.run_once()
        assert time.monotonic() < until
    at = log.commits[shelf]
    assert store.read(at.checkpoint, *shelf, 3, CATALOGUE.name)["memory.counters"][0] == 1
    worker.save()
    assert log.commits[shelf].position == 6
