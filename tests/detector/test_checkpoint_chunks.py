"""Checkpoints that name chunks of earlier ones: little is written, all is read back, and damage leaves one to go on from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contract.errors import CheckpointMismatch
from detector.checkpoint import MOST_OBJECTS, CheckpointStore
from detector.chunks import CHUNK
from tests.detector.test_checkpoint import TOPIC, kept

ROWS = np.dtype([("a", "i4"), ("b", "u8")], align=True)


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    whole = CheckpointStore.at(str(tmp_path / "checkpoints"), 2)
    return CheckpointStore(whole.files, whole.root, 2, least_shared=0)


def state_of(rows: int, changed: int = 0) -> dict[str, Any]:
    """A table of 16-byte rows of which one is changed, a text and an empty array."""
    table = np.zeros(rows, ROWS)
    table["a"] = np.arange(rows)
    table["b"][rows // 2] = changed
    return {"table": table, "text": b"x" * (CHUNK + 5), "none": np.zeros((0, 3))}


def write(store: CheckpointStore, position: int, state: dict[str, Any]) -> str:
    return store.write(TOPIC, 0, position, "c1", state)


def own_bytes(store: CheckpointStore, name: str) -> int:
    return (Path(store.root) / name / "state.bin").stat().st_size


def same(state: dict[str, Any], other: dict[str, Any]) -> bool:
    return state.keys() == other.keys() and all(
        value == other[name] if isinstance(value, bytes) else np.array_equal(value, other[name]) for name, value in state.items()
    )


def test_only_what_has_changed_is_written_and_all_is_read_back(store: CheckpointStore) -> None:
    rows = 5 * CHUNK // ROWS.itemsize + 7
    assert own_bytes(store, write(store, 1, state_of(rows))) > 6 * CHUNK
    name = write(store, 2, state_of(rows + 3, changed=1))
    assert own_bytes(store, name) == CHUNK + 10 * ROWS.itemsize
    assert same(store.read(name, TOPIC, 0, 2, "c1"), state_of(rows + 3, changed=1))
    shorter = write(store, 3, state_of(rows // 2, changed=1))
    assert same(store.read(shorter, TOPIC, 0, 3, "c1"), state_of(rows // 2, changed=1))


def test_now_and_then_one_stands_by_itself(store: CheckpointStore) -> None:
    whole = [own_bytes(store, write(store, at, state_of(40_000, changed=at))) > 2 * CHUNK for at in range(2 * MOST_OBJECTS)]
    assert [at for at, is_whole in enumerate(whole) if is_whole] == [0, MOST_OBJECTS]


def test_a_store_that_has_read_a_checkpoint_goes_on_from_its_chunks(store: CheckpointStore) -> None:
    name = write(store, 1, state_of(40_000))
    other = CheckpointStore(store.files, store.root, 2, least_shared=0)
    other.read(name, TOPIC, 0, 1, "c1")
    assert own_bytes(other, write(other, 2, state_of(40_000))) == 0
    stranger = CheckpointStore(store.files, store.root, 2, least_shared=0)
    assert own_bytes(stranger, write(stranger, 3, state_of(40_000))) > 2 * CHUNK


def test_objects_that_are_still_needed_outlive_their_checkpoint_and_others_go(store: CheckpointStore) -> None:
    names = []
    for at in range(2 * MOST_OBJECTS + 3):
        names.append(write(store, at, state_of(40_000, changed=at)))
        store.prune(TOPIC, 0, names[-1])
        assert same(store.read(names[-1], TOPIC, 0, at, "c1"), state_of(40_000, changed=at))
        if at:
            again = CheckpointStore(store.files, store.root, 2)
            assert same(again.read(names[-2], TOPIC, 0, at - 1, "c1"), state_of(40_000, changed=at - 1))
    folders = {one.name for one in (Path(store.root) / TOPIC / "0").iterdir()}
    assert kept(store)[:2] == [2 * MOST_OBJECTS + 2, 2 * MOST_OBJECTS + 1]
    assert len(folders) <= 2 * MOST_OBJECTS
    assert names[0].rpartition("/")[2] not in folders


def test_a_manifest_that_cannot_be_read_is_not_among_those_kept_and_holds_no_pruning_up(store: CheckpointStore) -> None:
    for at in range(MOST_OBJECTS + 3):
        store.prune(TOPIC, 0, write(store, at, state_of(40_000, changed=at)))
    [damaged] = (Path(store.root) / TOPIC / "0").glob(f"{MOST_OBJECTS + 2:020d}-*/manifest.json")
    damaged.write_bytes(b"\x8f" + damaged.read_bytes()[1:])
    store.prune(TOPIC, 0, write(store, MOST_OBJECTS + 3, state_of(40_000)))
    assert kept(store) == [MOST_OBJECTS + 3, MOST_OBJECTS + 1, MOST_OBJECTS - 1]


def test_one_that_shares_nothing_with_the_newest_is_kept_too(store: CheckpointStore) -> None:
    for at in range(MOST_OBJECTS + 3):
        store.prune(TOPIC, 0, write(store, at, state_of(40_000, changed=at)))
    assert kept(store) == [MOST_OBJECTS + 2, MOST_OBJECTS + 1, MOST_OBJECTS - 1]
    for one in (Path(store.root) / TOPIC / "0").glob(f"{MOST_OBJECTS:020d}-*/state.bin"):
        one.write_bytes(one.read_bytes()[:-1] + b"?")
    read = []
    for name, position in store.newest(TOPIC, 0):
        try:
            store.read(name, TOPIC, 0, position, "c1")
            read.append(position)
        except CheckpointMismatch as error:
            assert "its checksum differs" in str(error)  # noqa: PT017  which of them is damaged is what is asked
    assert read == [MOST_OBJECTS - 1]


def test_objects_that_another_worker_has_deleted_are_not_named(store: CheckpointStore) -> None:
    name = write(store, 1, state_of(40_000))
    store.files.delete_dir(f"{store.root}/{name}")
    again = write(store, 2, state_of(40_000))
    assert same(store.read(again, TOPIC, 0, 2, "c1"), state_of(40_000))
