"""Checkpoints on disk: what is damaged, foreign, newer or half-written is none, and enough of them are kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog.testing

from contract.errors import CheckpointMismatch, ConfigurationError, StoreUnavailable
from detector.checkpoint import FORMAT, CheckpointStore, Draft
from detector.command import awaited
from detector.engine import Shard
from tests.detector.shards import CATALOGUE, INSTITUTION, feed, lines, movement, new_shard, until

TOPIC = "fundwatch.events.v1.BANK1"
STATE: dict[str, Any] = {"numbers": np.arange(5), "words": b"\0\xff", "nothing": np.zeros(0)}


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    return CheckpointStore.at(str(tmp_path / "checkpoints"), 2)


def write(store: CheckpointStore, position: int, *, topic: str = TOPIC, partition: int = 0, catalogue: str = "c1") -> str:
    return store.write(topic, partition, position, catalogue, STATE)


def kept(store: CheckpointStore) -> list[int]:
    return [position for _, position in store.newest(TOPIC, 0)]


def test_a_state_is_read_as_it_was_written(store: CheckpointStore) -> None:
    state = store.read(write(store, 7), TOPIC, 0, 7, "c1")
    assert state.keys() == STATE.keys()
    assert state["words"] == STATE["words"]
    np.testing.assert_array_equal(state["numbers"], STATE["numbers"])


def test_a_shard_goes_on_from_the_store_as_if_it_had_never_stopped(store: CheckpointStore) -> None:
    rows = [movement(f"e{n}", f"2026-04-0{1 + n // 4}T1{n % 4}:00", 30_000, kind="cash") for n in range(16)]
    shard, going_on = new_shard(), new_shard()
    feed(shard, rows[:7])
    feed(going_on, rows[:7])
    name = store.write(TOPIC, 0, 7, CATALOGUE.name, shard.state())
    restored = Shard.restore(INSTITUTION, 0, CATALOGUE, store.read(name, TOPIC, 0, 7, CATALOGUE.name))
    expected = feed(going_on, rows[7:]) + until(going_on, "2026-04-20")
    assert len(expected) > 4
    assert lines(feed(restored, rows[7:]) + until(restored, "2026-04-20")) == lines(expected)


def changed(content: bytes, **fields: Any) -> bytes:
    return json.dumps({**json.loads(content), **fields}).encode()


@pytest.mark.parametrize(
    ("name", "harm", "reason"),
    [
        pytest.param("state.bin", lambda data: data[:-1], "is damaged: its checksum differs", id="truncated-state"),
        pytest.param("state.bin", lambda _: b"", "is damaged: its checksum differs", id="empty-state"),
        pytest.param("state.bin", lambda data: data[:9] + b"?" + data[10:], "its checksum differs", id="changed-state"),
        pytest.param("manifest.json", lambda data: data[:-1], "is missing or damaged", id="truncated-manifest"),
        pytest.param("manifest.json", lambda _: b"", "is missing or damaged", id="empty-manifest"),
        pytest.param("manifest.json", lambda data: data.replace(b"BANK1", b"BANK\x8f"), "is missing or damaged", id="no-text"),
        pytest.param("manifest.json", lambda _: b"[]", "is missing or damaged", id="other-manifest"),
        pytest.param("manifest.json", lambda d: changed(d, parts={}), "its checksum differs", id="no-parts"),
        pytest.param("manifest.json", lambda d: changed(d, format=FORMAT + 1), "by a newer release", id="newer"),
        pytest.param("manifest.json", lambda d: changed(d, format=FORMAT - 1), "by an older release", id="older"),
        pytest.param("manifest.json", lambda d: changed(d, topic="x"), "another shard or position", id="institution"),
        pytest.param("manifest.json", lambda d: changed(d, partition=1), "another shard or position", id="partition"),
        pytest.param("manifest.json", lambda d: changed(d, position=8), "another shard or position", id="position"),
        pytest.param("manifest.json", lambda d: changed(d, catalogue="c2"), "made with catalogue c2, now c1", id="catalogue"),
    ],
)
def test_what_cannot_be_gone_on_from_is_refused_in_one_line(
    store: CheckpointStore, name: str, harm: Callable[[bytes], bytes], reason: str
) -> None:
    checkpoint = write(store, 7)
    path = Path(store.root) / checkpoint / name
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(CheckpointMismatch, match=reason) as refused:
        store.read(checkpoint, TOPIC, 0, 7, "c1")
    assert str(refused.value).startswith(f"the checkpoint of {TOPIC} partition 0 at 7 ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["state.bin", "manifest.json"])
def test_a_missing_part_is_refused(store: CheckpointStore, name: str) -> None:
    checkpoint = write(store, 7)
    (Path(store.root) / checkpoint / name).unlink()
    with pytest.raises(CheckpointMismatch, match="is missing or damaged"):
        store.read(checkpoint, TOPIC, 0, 7, "c1")


@pytest.mark.parametrize(
    "name",
    ["", "elsewhere", "../../etc/0/" + "0" * 20 + "-00000000", f"{TOPIC}/1/{7:020d}-00000000", f"{TOPIC}/0/../x"],
)
def test_a_name_of_another_place_is_not_even_opened(store: CheckpointStore, name: str) -> None:
    with pytest.raises(CheckpointMismatch, match="another shard or position"):
        store.read(name, TOPIC, 0, 7, "c1")


def test_the_manifest_comes_last(store: CheckpointStore, monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[list[str]] = []

    def complete(self: CheckpointStore, draft: Draft, *about: Any) -> str:
        there.append([one.name for one in (Path(self.root) / draft.name).iterdir()])
        return done(self, draft, *about)

    done = CheckpointStore.complete
    monkeypatch.setattr(CheckpointStore, "complete", complete)
    name = write(store, 7)
    assert there == [["state.bin"]]
    assert (Path(store.root) / name / "manifest.json").exists()


def test_what_a_crash_left_without_its_manifest_is_no_checkpoint(store: CheckpointStore) -> None:
    write(store, 3)
    (Path(store.root) / write(store, 7) / "manifest.json").unlink()
    assert kept(store) == [3]


def test_checkpoints_are_found_newest_first_and_other_files_are_none(store: CheckpointStore) -> None:
    for position in (9, 100, 20):
        write(store, position)
    write(store, 500, partition=1)
    write(store, 600, topic=TOPIC + "1")
    (Path(store.root) / TOPIC / "0" / "lost+found").mkdir()
    assert kept(store) == [100, 20, 9]
    assert store.newest("fundwatch.events.v1.NEW", 0) == []


@pytest.mark.parametrize("keep", [2, 3])
def test_the_committed_one_and_those_before_it_are_kept(store: CheckpointStore, keep: int) -> None:
    several = CheckpointStore(store.files, store.root, keep)
    for position in range(1, 8):
        several.prune(TOPIC, 0, write(several, position))
    assert kept(several) == [7, 6, 5][:keep]


def test_half_written_ones_do_not_count_among_those_kept_and_go(store: CheckpointStore) -> None:
    write(store, 1)
    (Path(store.root) / write(store, 2) / "manifest.json").unlink()
    store.prune(TOPIC, 0, write(store, 3))
    assert kept(store) == [3, 1]
    assert len(list((Path(store.root) / TOPIC / "0").iterdir())) == 2


def test_a_worker_that_lost_the_partition_cannot_push_the_committed_one_out(store: CheckpointStore) -> None:
    write(store, 5)
    for position in (20, 30, 40):
        write(store, position)  # of one that read on and could never commit
    store.prune(TOPIC, 0, write(store, 10))
    assert kept(store) == [40, 30, 20, 10, 5]
    store.prune(TOPIC, 0, write(store, 50))
    assert kept(store) == [50, 40]


def test_two_at_one_position_are_two(store: CheckpointStore) -> None:
    first, second = write(store, 5), write(store, 5)
    assert first != second
    store.prune(TOPIC, 0, first)
    assert {name for name, _ in store.newest(TOPIC, 0)} == {first, second}


def test_a_disk_that_takes_nothing_is_told_and_not_called_a_bug(store: CheckpointStore) -> None:
    root = Path(store.root)
    root.rmdir()
    root.write_bytes(b"")
    with pytest.raises(StoreUnavailable, match=r"no checkpoint can be written \("):
        write(store, 7)


@pytest.mark.parametrize("url", ["nothing://x", "/proc/none/x", "file:///proc/none/x"])
def test_a_place_that_cannot_be_written_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--checkpoint must be a folder"):
        CheckpointStore.at(url, 2)


def test_a_folder_may_be_given_as_a_url_too(tmp_path: Path) -> None:
    store = CheckpointStore.at(f"file://{tmp_path}/c", 2)
    write(store, 7)
    assert kept(CheckpointStore.at(str(tmp_path / "c"), 2)) == [7]


def test_a_start_waits_for_a_store_that_is_away_and_says_so() -> None:
    class Stopped(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return False

    tries = iter(range(2))

    def opened() -> str:
        if next(tries) == 0:
            raise StoreUnavailable("the object store cannot be reached")
        return "opened"

    with structlog.testing.capture_logs() as logs:
        assert awaited(opened, Stopped()) == "opened"
    assert [(line["event"], line["reason"]) for line in logs] == [("checkpoint_failed", "the object store cannot be reached")]
