"""A shard rebuilt from the archive is the shard that never stopped, and goes on from Kafka where the archive ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from contract.errors import ArchiveMismatch, CheckpointMismatch, StoreUnavailable
from detector.archive.compaction import compact
from detector.archive.reading import readable
from detector.checkpoint import CheckpointStore
from detector.opening import BEGUN
from detector.transport.base import Committed
from detector.worker import Worker
from tests.detector.archive.office import PLACE, SHELF, Office, state_of, worked
from tests.detector.shards import INSTITUTION


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


@pytest.fixture(scope="module")
def never_stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], dict[str, bytes]]:
    office = Office(str(tmp_path_factory.mktemp("never")))
    worker = worked(office.worker(archived=False))
    worker.save()
    assert len({flag.flag_id for flag in office.log.flags}) >= 20
    assert {"large_value", "illegal_fundraising"} & {flag.category for flag in office.log.flags}
    assert max(flag.revision for flag in office.log.flags) > 1
    return office.log.wire(), state_of(worker)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(str(tmp_path))


@pytest.mark.parametrize(
    ("polls", "joined"),
    [pytest.param(1, False, id="one-file"), pytest.param(6, False, id="six"), pytest.param(5, True, id="joined")],
)
def test_a_rebuilt_shard_is_the_one_that_never_stopped_and_goes_on(
    office: Office, never_stopped: tuple[list[bytes], dict[str, bytes]], polls: int, joined: bool
) -> None:
    worker = office.worker()
    for _ in range(polls):
        worked(worker, 1)
        worker.save()
    stood = office.log.commits[SHELF].position
    office.gone()
    office.log.flags.clear()
    # Kafka has forgotten all that was committed.
    office.log.delete_before(SHELF, stood)
    if joined:
        compact(office.archive, PLACE)
    assert office.rebuild() == 1
    assert office.log.commits[SHELF].position == stood
    worker = worked(office.worker())
    worker.save()
    wire, state = never_stopped
    assert office.log.wire() == wire
    assert state_of(worker) == state


@pytest.mark.parametrize("at", ["archive", "checkpoint", "commit"])
def test_a_crash_at_any_step_of_saving_changes_no_answer(
    office: Office, never_stopped: tuple[list[bytes], dict[str, bytes]], at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise Killed

    worker = worked(office.worker(), 2)
    worker.save()
    worked(worker, 3)
    with monkeypatch.context() as patch:
        if at == "archive":
            patch.setattr("detector.archive.writing._sync", killed)
        elif at == "checkpoint":
            patch.setattr(CheckpointStore, "write", killed)
        else:
            patch.setattr(worker.transport, "commit", killed, raising=False)
        with pytest.raises(Killed):
            worker.save()
    office.log.members.clear()
    worker = office.worker(most=3)
    worked(worker, 4).save()
    worked(worker).save()
    wire, state = never_stopped
    assert (office.log.wire(), state_of(worker)) == (wire, state)
    office.gone()
    office.log.flags.clear()
    office.rebuild()
    assert office.log.wire() == wire
    assert state_of(_reopened(office)) == state


def _reopened(office: Office) -> Worker:
    worker = office.worker()
    worker._held[SHELF] = worker.opening.open(SHELF)  # noqa: SLF001
    return worker


def test_nothing_is_committed_that_is_not_archived(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = worked(office.worker(), 2)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logs:
        patch.setattr("detector.archive.writing._put", full)
        worker.save()
    assert office.log.commits[SHELF].checkpoint == BEGUN
    assert any("the archive cannot be written (No space left on device)" in str(line.get("reason")) for line in logs)
    worker.save()
    assert office.log.commits[SHELF].position == 8
    assert [(file.first, file.stop) for file in office.archive.of(PLACE)] == [(0, 8)]


def test_much_is_written_without_waiting_for_a_checkpoint(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.archive.recorder.MOST_ROWS", 50)
    worked(office.worker(), 6)
    files = office.archive.of(PLACE)
    assert len(files) >= 2
    assert all(file.rows >= 50 for file in files)
    assert office.log.commits[SHELF].checkpoint == BEGUN


def test_rows_that_the_engine_refused_are_marked(office: Office) -> None:
    worker = worked(office.worker())
    worker.save()
    [file] = office.archive.of(PLACE)
    table = readable(office.archive, file).table.to_pylist()
    assert [row["amount_minor"] for row in table if row["refused"]] == [7] * 8


def test_a_shard_with_a_usable_checkpoint_is_not_rebuilt(office: Office) -> None:
    worker = worked(office.worker(), 3)
    worker.save()
    office.log.members.clear()
    office.log.flags.clear()
    assert office.rebuild() == 0
    assert office.log.flags == []


def test_a_shard_that_the_group_had_only_begun_is_rebuilt(office: Office) -> None:
    worked(office.worker(), 3).save()
    position = office.log.commits[SHELF].position
    office.gone()
    office.log.commits[SHELF] = Committed(0, BEGUN)
    assert office.rebuild() == 1
    assert office.log.commits[SHELF].position == position


def test_a_shard_whose_checkpoints_are_damaged_is_rebuilt(office: Office) -> None:
    worker = worked(office.worker(), 3)
    worker.save()
    office.log.members.clear()
    for path in Path(office.root, "checkpoints").rglob("state.bin"):
        path.write_bytes(b"x")
    with pytest.raises(CheckpointMismatch, match="rebuild it with --rebuild-from ARCHIVE"):
        office.worker().opening.open(SHELF)
    office.log.members.clear()
    assert office.rebuild() == 1
    assert office.rebuild() == 0


def test_progress_ends_with_all_that_was_to_be_read_and_gives_an_estimate(office: Office) -> None:
    worker = office.worker()
    for _ in range(5):
        worked(worker, 1).save()
    office.gone()
    clock = iter(range(100))
    office.rebuild(clock=lambda: float(next(clock)))
    assert [one.done for one in office.told] == sorted(one.done for one in office.told)
    assert office.told[-1].done == office.told[-1].whole
    assert office.told[-1].seconds_left == 0
    middle = office.told[1]
    assert middle.seconds_left == pytest.approx(middle.seconds * (middle.whole / middle.done - 1))


def test_a_stopped_rebuild_commits_nothing_of_what_it_had_not_finished(office: Office) -> None:
    worker = office.worker()
    for _ in range(3):
        worked(worker, 1).save()
    office.gone()
    assert office.rebuild(stopped=lambda: True) == 0
    assert office.log.commits == {}


def test_running_workers_of_the_group_are_a_refusal(office: Office) -> None:
    worked(office.worker(), 3).save()
    office.gone()
    office.worker()
    with pytest.raises(CheckpointMismatch, match="the group has running workers: stop them"):
        office.rebuild()


def test_a_log_that_begins_after_the_archive_ends_is_refused(office: Office) -> None:
    worked(office.worker(), 2).save()
    office.gone()
    office.log.delete_before(SHELF, 9)
    with pytest.raises(ArchiveMismatch, match="ends at 8, but the log begins at 9: the rest is lost"):
        office.rebuild()


def test_a_log_that_ends_before_the_archive_is_another_one(office: Office, tmp_path: Path) -> None:
    worked(office.worker(), 3).save()
    other = Office(str(tmp_path / "other"), filled=False)
    other.archive = office.archive
    with pytest.raises(ArchiveMismatch, match="but the log at 0: it is another log"):
        other.rebuild()


def test_another_partition_count_is_refused(office: Office) -> None:
    worked(office.worker(), 3).save()
    office.gone()
    office.log.topic(INSTITUTION, 2)
    with pytest.raises(ArchiveMismatch, match="different partition counts"):
        office.rebuild()


def test_an_archive_that_began_after_its_shard_is_refused_and_said_when_it_begins(office: Office) -> None:
    worked(office.worker(archived=False), 2).save()
    office.log.members.clear()
    with structlog.testing.capture_logs() as logs:
        worked(office.worker(), 3).save()
    assert [(line["since"], line["until"]) for line in logs if line["event"] == "archive_gap"] == [(None, 8)]
    office.gone()
    with pytest.raises(ArchiveMismatch, match="begins at 8, after its shard began"):
        office.rebuild()


def test_an_archive_that_was_switched_off_for_a_while_is_said_and_refused(office: Office) -> None:
    for archived in (True, False, True):
        with structlog.testing.capture_logs() as logs:
            worked(office.worker(archived=archived), 2).save()
        office.log.members.clear()
    assert [(line["since"], line["until"]) for line in logs if line["event"] == "archive_gap"] == [(8, 16)]
    office.gone()
    with pytest.raises(ArchiveMismatch, match="has a gap: positions 8 to 15 are missing"):
        office.rebuild()


def test_an_empty_archive_is_refused(office: Office) -> None:
    with pytest.raises(ArchiveMismatch, match="holds nothing"):
        office.rebuild()


def test_a_store_of_checkpoints_that_is_away_ends_the_rebuild(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(office.worker(), 3).save()
    office.gone()

    def away(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(CheckpointStore, "_put", away)
    with pytest.raises(StoreUnavailable):
        office.rebuild()
    assert office.log.commits == {}
