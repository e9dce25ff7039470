"""The worker over a log in memory: crashes, hand-overs, stale owners and lost logs change no flag and lose none."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile, ArchiveShelf
from contract.arrow_codec import encode_batch
from contract.errors import CheckpointMismatch, PartitionsLost, StoreUnavailable, TransportUnavailable
from contract.json_codec import encode_watermark
from contract.movement import MOVEMENT
from contract.records import ContentType, RecordKind, headers
from contract.shanghai import parse_ms
from contract.topics import events_topic
from detector import metrics
from detector.checkpoint import CheckpointStore
from detector.opening import BEGUN, Opening, WithoutCommit
from detector.transport.base import Committed, Shelf
from detector.worker import Worker
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, movement

SHELF = Shelf(events_topic(INSTITUTION), 0)
BEGUN_ONLY = {SHELF: Committed(0, BEGUN)}
ARROW = headers(RecordKind.MOVEMENT, ContentType.ARROW)
WATERMARK = headers(RecordKind.WATERMARK, ContentType.JSON)
LATER_MS = parse_ms("2026-12-31T00:00:00+08:00")


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


def cash(day: int, account: str, number: int) -> dict[str, Any]:
    """Cash over half the line, so that two a day make a flag, which changes and closes later."""
    at = f"2026-04-{day:02}T{9 + number:02}:00"
    return movement(f"{day}-{number}", at, 30_000, account_id=account, kind="cash", counterparty_id=None)


def fill(log: MemoryLog, *, days: int = 12, shelf: Shelf = SHELF) -> None:
    """A record a cash payment and a watermark a day: about a flag a day and account, opened, revised and closed."""
    for day in range(1, days + 1):
        for number in range(3):
            rows = [cash(day, f"a:{account}", number) for account in range(3)]
            log.append(shelf, encode_batch(batch_of(rows, MOVEMENT)), ARROW, at_ms=LATER_MS)
        done = parse_ms(f"2026-04-{day + 1:02}T00:00:00+08:00")
        log.append(shelf, encode_watermark(INSTITUTION, done), WATERMARK, at_ms=LATER_MS)


@dataclasses.dataclass
class Bench:
    """A log, a store of checkpoints and workers that never wait."""

    log: MemoryLog
    folder: Path
    waits: int = 0
    stopping: bool = False
    now: float = 0.0

    def worker(
        self, *, every_s: float = 1e9, without: WithoutCommit = WithoutCommit.REFUSE, most: int = 3, steps: int | None = None
    ) -> Worker:
        """A worker of the log; ``steps`` are how often it is told to go on before it is asked to stop."""
        left = itertools.repeat(True, steps) if steps is not None else None
        stopped = (lambda: self.stopping) if left is None else (lambda: not next(left, False))
        transport = MemoryTransport(self.log, most)
        store = CheckpointStore.at(str(self.folder), 2)
        opening = Opening(transport, store, CATALOGUE, 600_000, without)
        return Worker(transport, store, opening, every_s, stopped, clock=self._clock, pause=self._pause)

    def _clock(self) -> float:
        return self.now

    def _pause(self, _seconds: float) -> None:
        self.waits += 1
        assert self.waits < 50, "waits for ever"

    def drain(self, worker: Worker, *, polls: int = 200) -> None:
        """Poll until the log has no more for this worker."""
        for _ in range(polls):
            if not worker.run_once() and not worker.run_once():
                return

    @property
    def checkpoints(self) -> list[Path]:
        return sorted((self.folder / SHELF.topic / "0").iterdir())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    log = MemoryLog()
    log.topic(INSTITUTION)
    return Bench(log, tmp_path / "checkpoints")


@pytest.fixture
def filled(bench: Bench) -> Bench:
    fill(bench.log)
    return bench


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Flags of one worker that nothing ever happens to."""
    log = MemoryLog()
    log.topic(INSTITUTION)
    fill(log)
    bench = Bench(log, tmp_path_factory.mktemp("expected"))
    worker = bench.worker()
    worker.begin()
    bench.drain(worker)
    worker.save()
    assert len({flag.flag_id for flag in log.flags}) >= 30
    assert {flag.status for flag in log.flags} == {"open", "closed"}
    return log.wire()


def started(bench: Bench, **options: Any) -> Worker:
    worker = bench.worker(**options)
    worker.begin()
    return worker


def crash(bench: Bench, worker: Worker) -> None:
    """The process is gone: what it had not sent is lost, and the group notices."""
    transport: Any = worker.transport
    transport.unsent.clear()
    bench.log.share([member for member in bench.log.members if member is not transport])


def stored(log: MemoryLog) -> dict[tuple[str, int], set[bytes]]:
    """Contents by flag and revision, as the ledger would keep them."""
    found: dict[tuple[str, int], set[bytes]] = {}
    from contract.flag import encode

    for flag in log.flags:
        found.setdefault((flag.flag_id, flag.revision), set()).add(encode(flag))
    return found


# --- crashes and redelivery


@pytest.mark.parametrize("saves", [(), (1,), (2, 3), (4, 9)], ids=["never-saved", "saved-once", "twice-in-a-row", "late"])
@pytest.mark.parametrize("polls", [1, 5, 11])
def test_a_crash_at_any_poll_and_redelivery_give_the_same_flags(
    filled: Bench, expected: list[bytes], saves: tuple[int, ...], polls: int
) -> None:
    worker = started(filled)
    for number in range(polls):
        worker.run_once()
        if number in saves:
            worker.save()
    crash(filled, worker)
    second = started(filled)
    filled.drain(second)
    second.save()
    assert filled.log.wire() == expected
    assert all(len(contents) == 1 for contents in stored(filled.log).values()), "one content a revision"
    assert filled.log.commits[SHELF].position == filled.log.end(SHELF)


def test_a_crash_in_mid_batch_commits_nothing_of_it(
    filled: Bench, expected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = started(filled)
    worker.run_once()
    worker.save()
    before = filled.log.commits[SHELF]
    published: list[Any] = []

    def dies(_self: MemoryTransport, flag: Any) -> None:
        published.append(flag)
        if len(published) == 5:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(MemoryTransport, "publish_flag", dies)
        with pytest.raises(Killed):
            filled.drain(worker)
    assert filled.log.commits[SHELF] == before
    crash(filled, worker)
    second = started(filled)
    filled.drain(second)
    second.save()
    assert filled.log.wire() == expected


def test_an_unexpected_error_leaves_the_group_without_handing_anything_over(
    filled: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = filled.worker()
    calls = iter(range(100))

    def breaks(*_: object) -> None:
        if next(calls) == 3:
            raise ZeroDivisionError

    monkeypatch.setattr(Worker, "_publish", breaks)
    with pytest.raises(ZeroDivisionError):
        worker.run()
    assert filled.log.commits == BEGUN_ONLY
    assert filled.log.members == []
    assert not filled.folder.joinpath(SHELF.topic).exists()


# --- commits


def test_what_was_published_is_flushed_before_the_commit_that_covers_it(filled: Bench) -> None:
    worker = started(filled)
    for _ in range(4):
        worker.run_once()
        worker.save()
    assert filled.log.journal == ["begun", *["flushed", "committed"] * 4]


def test_the_commit_names_the_checkpoint_that_the_next_start_loads(filled: Bench) -> None:
    worker = started(filled)
    worker.run_once()
    worker.run_once()
    worker.save()
    at = filled.log.commits[SHELF]
    assert at.position == 6
    assert at.checkpoint == f"{SHELF.topic}/0/{filled.checkpoints[-1].name}"
    crash(filled, worker)
    second = started(filled)
    with structlog.testing.capture_logs() as told:
        second.run_once()
    [line] = [line for line in told if line["event"] == "shard_restored"]
    assert line["position"] == 6


def test_nothing_is_committed_for_a_shard_that_has_not_moved(filled: Bench) -> None:
    worker = started(filled)
    filled.drain(worker)
    worker.save()
    names = filled.checkpoints
    worker.save()
    assert filled.checkpoints == names
    assert filled.log.journal.count("committed") == 1


def test_checkpoints_are_made_as_often_as_told(filled: Bench) -> None:
    worker = started(filled, every_s=30)
    for filled.now in (0.0, 29.0, 30.0, 59.0, 61.0):
        worker.run_once()
    assert filled.log.journal.count("committed") == 2


def test_a_graceful_stop_flushes_checkpoints_and_commits_all_that_was_read(filled: Bench, expected: list[bytes]) -> None:
    worker = filled.worker(steps=3)
    worker.run()
    transport: Any = worker.transport
    assert transport.unsent == []
    assert filled.log.commits[SHELF].position == 9
    assert filled.log.members == [], "the group was left"
    second = started(filled)
    filled.drain(second)
    second.save()
    assert filled.log.wire() == expected


def test_a_stop_while_the_broker_is_away_ends_with_one_line_and_no_commit(filled: Bench) -> None:
    worker = filled.worker(steps=2)
    run_once = Worker.run_once

    def goes_away(self: Worker) -> int:
        count = run_once(self)
        filled.log.away = 1000
        return count

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Worker, "run_once", goes_away)
        with pytest.raises(TransportUnavailable, match="away"):
            worker.run()
    assert filled.log.commits == BEGUN_ONLY


def test_a_stop_whose_commit_fails_is_no_success(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = filled.worker(steps=2)

    def refuses(*_: object) -> None:
        raise TransportUnavailable("the broker took no commit")

    monkeypatch.setattr(MemoryTransport, "commit", refuses)
    with pytest.raises(TransportUnavailable, match="took no commit"):
        worker.run()
    assert filled.log.commits == {}


# --- the group


def test_shards_move_between_workers_with_all_that_they_have_learned(filled: Bench, expected: list[bytes]) -> None:
    first = started(filled)
    first.run_once()
    first.run_once()
    second = started(filled)
    filled.drain(first)
    filled.log.share([second.transport])  # type: ignore[list-item]
    filled.drain(second)
    second.save()
    assert filled.log.wire() == expected


def test_a_stale_owner_cannot_commit_and_forgets_what_it_held(filled: Bench, expected: list[bytes]) -> None:
    stale = started(filled)
    stale.run_once()
    stale.save()
    stale.run_once()
    # It stalls for longer than its session: the group goes on without asking it.
    filled.log.members.clear()
    fresh = started(filled)
    fresh.run_once()
    fresh.save()
    at = filled.log.commits[SHELF]
    stale_read = stale.run_once
    with structlog.testing.capture_logs() as told:
        stale.save()
    assert filled.log.commits[SHELF] == at
    assert [line["event"] for line in told if line["log_level"] == "warning"] == ["commit_refused", "shards_lost"]
    assert stale_read() == 0
    filled.drain(fresh)
    fresh.save()
    assert filled.log.wire() == expected


def test_a_worker_told_too_late_forgets_its_shards_without_a_checkpoint(filled: Bench) -> None:
    stale = started(filled)
    stale.run_once()
    filled.log.members.clear()
    started(filled)
    assert stale.run_once() == 0
    stale.save()
    assert filled.log.commits == BEGUN_ONLY


def test_after_a_refused_hand_over_the_worker_goes_back_to_what_was_committed(
    filled: Bench, expected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client keeps its position over a rebalance, so what was read and not committed would be skipped."""
    worker = started(filled)
    worker.run_once()
    worker.save()
    worker.run_once()
    with monkeypatch.context() as patched:
        patched.setattr(MemoryTransport, "_commit", lambda *_: None)
        filled.log.share([worker.transport])  # type: ignore[list-item]
    filled.drain(worker)
    worker.save()
    assert filled.log.wire() == expected


def test_a_new_institution_is_taken_up_while_running(filled: Bench) -> None:
    worker = started(filled)
    worker.run_once()
    filled.log.topic("NEW", 2)
    filled.log.share(filled.log.members)
    filled.log.append(Shelf(events_topic("NEW"), 1), b"{", at_ms=LATER_MS)
    filled.drain(worker)
    worker.save()
    assert {reject.institution_code for reject in filled.log.rejects} == {"NEW"}
    assert set(filled.log.commits) == {SHELF, Shelf(events_topic("NEW"), 1)}


def test_a_worker_that_stands_still_holds_up_only_its_own_partitions(bench: Bench) -> None:
    bench.log.topic("OTHER")
    other = Shelf(events_topic("OTHER"), 0)
    slow, quick = started(bench), started(bench)
    fill(bench.log, days=2)
    for _ in range(5):
        bench.log.append(other, b"{", at_ms=LATER_MS)
    bench.drain(quick)
    quick.save()
    mine = bench.log.owners
    assert mine[SHELF] is slow.transport
    assert bench.log.commits.keys() == {other}
    assert len(bench.log.rejects) == 5


# --- where a shard stands


def test_a_position_before_the_log_is_refused_with_what_is_gone(filled: Bench) -> None:
    worker = started(filled)
    worker.run_once()
    worker.save()
    crash(filled, worker)
    filled.log.delete_before(SHELF, 10)
    with pytest.raises(CheckpointMismatch, match=r"begins at 10, after 3 .* 7 offsets are gone; give another --group") as refused:
        started(filled).run_once()
    assert "\n" not in str(refused.value)


def test_records_that_retention_takes_from_a_running_worker_are_missed_at_once(filled: Bench) -> None:
    worker = started(filled)
    worker.run_once()
    filled.log.delete_before(SHELF, 10)
    with pytest.raises(CheckpointMismatch, match="begins at 10, after 3"):
        worker.run_once()


def test_records_that_come_again_are_not_judged_again(bench: Bench) -> None:
    for _ in range(6):
        bench.log.append(SHELF, b"{", at_ms=LATER_MS)
    worker = started(bench, most=4)
    worker.run_once()
    transport: Any = worker.transport
    transport.positions[SHELF] = 0
    bench.drain(worker)
    worker.save()
    assert [reject.offset for reject in bench.log.rejects] == [0, 1, 2, 3, 4, 5]


def test_a_gap_that_a_transaction_leaves_is_none(bench: Bench) -> None:
    for _ in range(3):
        bench.log.append(SHELF, b"{", at_ms=LATER_MS)
        bench.log.skip(SHELF)
    worker = started(bench, most=1)
    bench.drain(worker)
    worker.save()
    crash(bench, worker)
    bench.log.append(SHELF, b"{", at_ms=LATER_MS)
    second = started(bench)
    bench.drain(second)
    second.save()
    assert [reject.offset for reject in bench.log.rejects] == [0, 2, 4, 6]


def test_a_commit_without_a_checkpoint_is_refused_with_what_to_do(filled: Bench) -> None:
    filled.log.commits[SHELF] = Committed(3, "")
    with pytest.raises(CheckpointMismatch, match="names no checkpoint, so another program made it; give another --group"):
        started(filled).run_once()


def test_checkpoints_without_a_commit_are_refused_with_what_to_do(filled: Bench) -> None:
    forgotten(filled)
    with pytest.raises(CheckpointMismatch, match=r"no commit: start with --adopt .* --from-the-beginning"):
        started(filled).run_once()


def test_checkpoints_without_a_commit_are_adopted_when_told(filled: Bench, expected: list[bytes]) -> None:
    forgotten(filled)
    worker = started(filled, without=WithoutCommit.ADOPT)
    with structlog.testing.capture_logs() as told:
        filled.drain(worker)
    worker.save()
    assert [line["position"] for line in told if line["event"] == "shard_restored"] == [6]
    assert filled.log.wire() == expected


def test_a_crash_between_the_first_checkpoint_and_its_commit_begins_the_shard_anew(
    filled: Bench, expected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by faults on real servers: no worker would start again without an operator."""
    worker = started(filled)
    worker.run_once()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(MemoryTransport, "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            worker.save()
    assert len(filled.checkpoints) == 1
    crash(filled, worker)
    second = started(filled)
    filled.drain(second)
    second.save()
    assert filled.log.wire() == expected


def test_a_shard_that_another_begins_is_left_to_it(filled: Bench, expected: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    worker = started(filled)

    def refuses(*_: object) -> None:
        raise PartitionsLost("the group went on without this worker")

    with monkeypatch.context() as patched:
        patched.setattr(MemoryTransport, "commit", refuses)
        assert worker.run_once() == 0
    assert filled.waits == 0
    filled.drain(worker)
    worker.save()
    assert filled.log.wire() == expected


def test_the_log_is_judged_anew_when_told(filled: Bench, expected: list[bytes]) -> None:
    forgotten(filled)
    worker = started(filled, without=WithoutCommit.BEGIN)
    with structlog.testing.capture_logs() as told:
        filled.drain(worker)
    worker.save()
    assert "shard_new" in [line["event"] for line in told]
    assert filled.log.wire() == expected


def forgotten(bench: Bench) -> None:
    """Two checkpoints at 3 and 6, and a broker that has forgotten the group."""
    worker = started(bench)
    for _ in range(2):
        worker.run_once()
        worker.save()
    crash(bench, worker)
    bench.log.commits.clear()


# --- what is away


@pytest.mark.parametrize("hiccup", [5, 7, 11])
def test_a_broker_that_is_away_now_and_then_is_waited_for_and_counted(filled: Bench, expected: list[bytes], hiccup: int) -> None:
    worker = started(filled)
    before = metrics.BROKER_WAITS._value.get()  # noqa: SLF001  prometheus_client has no other way to read
    filled.log.hiccup = hiccup
    with structlog.testing.capture_logs() as told:
        for _ in range(60):
            worker.run_once()
            filled.waits = 0
        for _ in range(3):
            worker.save()
    assert metrics.BROKER_WAITS._value.get() - before >= 60 // hiccup  # noqa: SLF001
    assert "broker_awaited" in [line["event"] for line in told]
    assert filled.log.commits[SHELF].position == filled.log.end(SHELF)
    assert filled.log.wire() == expected


def test_while_the_broker_is_away_nothing_is_committed(filled: Bench) -> None:
    worker = started(filled)
    worker.run_once()
    filled.log.away = 20
    for _ in range(10):
        assert worker.run_once() == 0
    assert filled.waits == 10
    assert (filled.log.commits, filled.log.journal) == (BEGUN_ONLY, ["begun"])


def test_a_commit_that_the_broker_does_not_take_is_made_the_next_time(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = started(filled)
    worker.run_once()

    def refuses(*_: object) -> None:
        raise TransportUnavailable("the broker took no commit")

    with monkeypatch.context() as patched, structlog.testing.capture_logs() as told:
        patched.setattr(MemoryTransport, "commit", refuses)
        worker.save()
    assert [line["event"] for line in told] == ["checkpoint_failed"]
    assert filled.log.commits == BEGUN_ONLY
    worker.save()
    assert filled.log.commits[SHELF].position == 3


def test_a_full_disk_puts_checkpoints_off_and_loses_nothing(
    filled: Bench, expected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = started(filled)

    def full(*_: object) -> str:
        raise StoreUnavailable("no checkpoint can be written (No space left on device)")

    with monkeypatch.context() as patched, structlog.testing.capture_logs() as told:
        patched.setattr(CheckpointStore, "write", full)
        worker.run_once()
        worker.save()
        filled.log.share([worker.transport])  # type: ignore[list-item]
        worker.run_once()
    assert [line["event"] for line in told].count("checkpoint_failed") == 2
    assert filled.log.commits == BEGUN_ONLY
    filled.drain(worker)
    worker.save()
    assert filled.log.commits[SHELF].position == filled.log.end(SHELF)
    assert filled.log.wire() == expected


# --- damaged checkpoints


def damaged(bench: Bench) -> Iterator[Path]:
    """Two checkpoints, at 3 and 6, the newer committed; gives the newer one's files."""
    worker = started(bench)
    for _ in range(2):
        worker.run_once()
        worker.save()
    crash(bench, worker)
    return bench.checkpoints[-1].iterdir()


@pytest.mark.parametrize("name", ["state.bin", "manifest.json"])
@pytest.mark.parametrize("harm", ["truncated", "gone", "changed"])
def test_a_damaged_checkpoint_is_told_and_the_one_before_it_used(
    filled: Bench, expected: list[bytes], name: str, harm: str
) -> None:
    [path] = [one for one in damaged(filled) if one.name == name]
    whole = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[: len(whole) // 2] if harm == "truncated" else b"\0" + whole[1:])
    worker = started(filled)
    with structlog.testing.capture_logs() as told:
        filled.drain(worker)
    worker.save()
    [refused] = [line["reason"] for line in told if line["event"] == "checkpoint_refused"]
    assert "damaged" in refused
    assert [line["position"] for line in told if line["event"] == "shard_restored"] == [3]
    assert filled.log.wire() == expected


def test_what_a_stale_owner_wrote_further_on_is_not_gone_on_from(filled: Bench, expected: list[bytes]) -> None:
    [path] = [one for one in damaged(filled) if one.name == "state.bin"]
    path.write_bytes(b"")
    later = {"memory": b"of a worker that lost the partition"}
    CheckpointStore.at(str(filled.folder), 2).write(*SHELF, 9, CATALOGUE.name, later)
    worker = started(filled)
    filled.drain(worker)
    worker.save()
    assert filled.log.wire() == expected


def test_without_any_sound_checkpoint_the_start_is_refused_in_one_line(filled: Bench) -> None:
    list(damaged(filled))
    for folder in filled.checkpoints:
        (folder / "state.bin").write_bytes(b"")
    with pytest.raises(CheckpointMismatch, match=r"at 6 is damaged.*no earlier one can be used; give another --group") as refused:
        started(filled).run_once()
    assert "\n" not in str(refused.value)


def test_where_an_archive_is_kept_it_is_said_how_long_a_rebuild_takes(filled: Bench, tmp_path: Path) -> None:
    list(damaged(filled))
    for folder in filled.checkpoints:
        (folder / "state.bin").write_bytes(b"")
    worker = started(filled)
    partitions = worker.transport.partitions(SHELF[0])
    place = ArchiveShelf(*SHELF, partitions)
    for first, rows in ((0, 4_000_000), (3, 5_000_000)):
        file = tmp_path / ArchiveFile(place, first, first + 3, rows, 1, "0" * 32).path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    worker.opening = dataclasses.replace(worker.opening, archive=Archive.at(str(tmp_path)))
    with pytest.raises(CheckpointMismatch, match=r"--rebuild-from ARCHIVE \(9,000,000 rows .*: about 3 min\)$"):
        worker.run_once()


def test_a_changed_catalogue_is_refused_and_the_names_of_both_told(filled: Bench) -> None:
    list(damaged(filled))
    worker = started(filled)
    changed = dataclasses.replace(CATALOGUE, name="other")
    worker.opening = dataclasses.replace(worker.opening, catalogue=changed)
    with pytest.raises(CheckpointMismatch, match=f"made with catalogue {CATALOGUE.name}, now other"):
        worker.run_once()
