"""Checkpoints in an object store: by S3's protocol over HTTP, against a simulator of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import numpy as np
import pytest
from moto.server import ThreadedMotoServer

from contract.errors import CheckpointMismatch
from detector.checkpoint import CheckpointStore
from detector.snapshot import Snapshot, Wanted

pytestmark = pytest.mark.integration
TOPIC = "fundwatch.events.v1.BANK1"
DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=number, verbose=False)
    server.start()
    yield number
    server.stop()


@pytest.fixture
def store(port: int, monkeypatch: pytest.MonkeyPatch) -> CheckpointStore:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    how = f"scheme=http&endpoint_override=127.0.0.1:{port}&region=us-east-1&allow_bucket_creation=true"
    whole = CheckpointStore.at(f"s3://bucket/checkpoints?{how}", 2)
    return CheckpointStore(whole.files, whole.root, 2, least_shared=0)


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
