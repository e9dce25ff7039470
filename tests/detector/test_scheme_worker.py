"""The scheme process over a log in memory: crashes, a second one, new and silent shards change no scheme."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec
import pytest

from contract import evidence
from contract import scheme as schemes
from contract.errors import CheckpointMismatch, ConfigurationError, TransportUnavailable
from contract.evidence import EXPECTED, DayMark, Evidence, Record
from contract.topics import EVIDENCE
from detector import metrics, scheme_opening
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.opening import WithoutCommit
from detector.scheme_opening import SchemeOpening
from detector.scheme_worker import LOOK_S, SchemeWorker
from detector.schemes.engine import SchemeEngine, SchemeOutput
from detector.transport.base import Shelf
from tests.api.flags import flag
from tests.api.schemes_made import scheme
from tests.contract.test_evidence import evidence as account
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, INSTITUTION
from tests.detector.test_worker import Bench as Workers
from tests.detector.test_worker import fill

SHELF = Shelf(EVIDENCE, 0)
DAY = 20_000


class Counting(SchemeEngine):
    """Says with each day judged which accounts it has heard of, so that every difference in what it read shows."""

    seen: dict[str, int]

    def _judge(self, day: int, output: SchemeOutput) -> None:
        for one in self._ticks.read(day):
            assert isinstance(one, Evidence)
            self._seen()[one.account_id] = one.as_of
        told = [f"{name}@{at}" for name, at in sorted(self._seen().items())]
        output.schemes.append(scheme("web", revision=day, tags=told))
        output.flags.append(flag("member", revision=day, tags=told))

    def _seen(self) -> dict[str, int]:
        if not hasattr(self, "seen"):
            self.seen = {}
        return self.seen

    def state(self) -> dict[str, Any]:
        return super().state() | {"seen": msgspec.msgpack.encode(self._seen())}

    @classmethod
    def restore(cls, catalogue: Catalogue, state: dict[str, Any], **options: Any) -> Self:
        engine = super().restore(catalogue, state, **options)
        engine.seen = msgspec.msgpack.decode(bytes(state["seen"]))
        return engine


@pytest.fixture(autouse=True)
def _counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheme_opening, "SchemeEngine", Counting)


def told(shard: int, name: str, day: int) -> Evidence:
    return msgspec.structs.replace(account(name, day), partition=shard)


def mark(shard: int, day: int) -> DayMark:
    return DayMark(institution_code="B1", partition=shard, day=day)


def shard_days(shard: int, first: int, last: int) -> list[Record]:
    """An account a day and the day's mark."""
    return [one for day in range(first, last + 1) for one in (told(shard, f"a:{shard}.{day % 3}", day), mark(shard, day))]


@dataclass
class Bench:
    """A log, a store of checkpoints, and scheme processes that never wait."""

    log: MemoryLog
    folder: Path
    now: float = 0.0
    stopping: bool = False
    waits: list[float] = field(default_factory=list)

    def worker(self, *, without: WithoutCommit = WithoutCommit.REFUSE, most: int = 3) -> SchemeWorker:
        transport = MemoryTransport(self.log, most)
        store = CheckpointStore.at(str(self.folder), 2)
        opening = SchemeOpening(transport, store, CATALOGUE, without)
        made = SchemeWorker(
            transport, store, opening, 1e9, 600.0, lambda: self.stopping, clock=lambda: self.now, pause=self.waits.append
        )
        made.begin()
        return made

    def fill(self, records: list[Record]) -> None:
        for record in records:
            self.log.append(SHELF, evidence.encode(record), ())

    def drain(self, worker: SchemeWorker) -> None:
        """Read to the log's end, and publish."""
        for _ in range(300):
            if not worker.run_once() and not worker.run_once():
                break
        worker.transport.flush()

    def crash(self, worker: SchemeWorker) -> None:
        transport: Any = worker.transport
        transport.unsent.clear()
        self.log.share([member for member in self.log.members if member is not transport])

    def said(self) -> dict[int, bytes]:
        """Contents by revision; the same revision never with two contents."""
        found: dict[int, bytes] = {}
        for one in self.log.schemes:
            assert found.setdefault(one.revision, schemes.encode(one)) == schemes.encode(one)
        return found


def made(folder: Path, partitions: int = 2) -> Bench:
    log = MemoryLog()
    log.topic("B1", partitions)
    log.records[SHELF] = []
    return Bench(log, folder)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return made(tmp_path / "checkpoints")


def backlog(seed: int = 1) -> list[Record]:
    """Two shards' days, one far behind the other in the log, then both together."""
    rng = random.Random(seed)
    one, two = shard_days(0, DAY, DAY + 20), shard_days(1, DAY + 2, DAY + 20)
    mixed = [*one[:24]]
    rest = [one[24:], two]
    while any(rest):
        mixed.append(rng.choice([part for part in rest if part]).pop(0))
    return mixed


def expected(tmp_path: Path) -> dict[int, bytes]:
    bench = made(tmp_path / "expected")
    bench.fill(backlog())
    bench.drain(bench.worker())
    assert set(bench.said()) >= set(range(DAY + 4, DAY + 21))
    return bench.said()


def test_a_backlog_is_judged_as_if_shards_had_kept_pace(bench: Bench, tmp_path: Path) -> None:
    in_step = [one for day in range(21) for one in (*shard_days(0, DAY + day, DAY + day), *shard_days(1, DAY + day, DAY + day))]
    bench.fill([one for one in in_step if not (one.partition == 1 and day_of(one) < DAY + 2)])
    bench.drain(bench.worker())
    assert bench.said() == expected(tmp_path)
    assert {one.revision for one in bench.log.flags} == set(bench.said())


def day_of(record: Record) -> int:
    return record.day if isinstance(record, DayMark) else record.as_of


@pytest.mark.parametrize("crash_every", [1, 2, 5, 9])
def test_crashes_change_no_revision(bench: Bench, tmp_path: Path, crash_every: int) -> None:
    bench.fill(backlog())
    worker = bench.worker()
    polls = 0
    while True:
        polls += 1
        if not worker.run_once() and not worker.run_once():
            break
        if polls % 3 == 0:
            worker.save()
        if polls % (3 * crash_every + 1) == 0:
            bench.crash(worker)
            worker = bench.worker()
    worker.save()
    assert bench.said() == expected(tmp_path)


def test_a_second_one_stands_by_and_goes_on_where_the_first_ends(bench: Bench, tmp_path: Path) -> None:
    bench.fill(backlog()[:40])
    first, second = bench.worker(), bench.worker()
    bench.drain(first)
    assert second.run_once() == 0
    bench.drain(second)
    handed = len(bench.log.schemes)
    first.save()
    first.transport.close()
    bench.fill(backlog()[40:])
    bench.drain(second)
    assert len(bench.log.schemes) > handed
    assert bench.said() == expected(tmp_path)


def test_a_graceful_stop_commits_what_was_said(bench: Bench) -> None:
    bench.fill(backlog())
    worker = bench.worker()
    bench.drain(worker)
    bench.stopping = True
    worker.run()
    assert bench.log.commits[SHELF].position == bench.log.end(SHELF)
    said = len(bench.log.schemes)
    bench.stopping = False
    bench.drain(bench.worker())
    assert len(bench.log.schemes) == said


def test_nothing_half_said_is_committed_when_it_is_stopped_while_the_broker_is_away(bench: Bench, tmp_path: Path) -> None:
    bench.fill(backlog())
    worker = bench.worker()
    for _ in range(12):
        worker.run_once()
    worker.save()
    at = bench.log.commits[SHELF].position
    worker.run_once()
    bench.stopping = True
    bench.log.away = 10**6
    with pytest.raises(TransportUnavailable):
        worker._publish(SchemeOutput(schemes=[scheme()]))  # noqa: SLF001 - any moment in which something is to be said
    with pytest.raises(TransportUnavailable):
        worker.save()
    bench.log.away = 0
    assert bench.log.commits[SHELF].position == at
    bench.crash(worker)
    bench.stopping = False
    bench.drain(bench.worker())
    assert bench.said() == expected(tmp_path)


def look(bench: Bench, worker: SchemeWorker, *, after_s: float = LOOK_S) -> None:
    bench.now += after_s
    bench.drain(worker)


def test_a_shard_that_is_new_is_waited_for_by_everybody_who_reads_the_log(bench: Bench) -> None:
    bench.fill([*shard_days(0, DAY, DAY + 9), *shard_days(1, DAY, DAY + 9)])
    worker = bench.worker()
    bench.drain(worker)
    bench.log.topic("B2")
    look(bench, worker)
    announced = [evidence.decode(one) for one in bench.log.told]
    assert announced == [DayMark(institution_code="B2", partition=0, day=EXPECTED)]
    bench.drain(worker)
    look(bench, worker)
    assert len(bench.log.told) == 1, "said once"
    bench.fill([*shard_days(0, DAY + 10, DAY + 14), *shard_days(1, DAY + 10, DAY + 14)])
    bench.drain(worker)
    assert max(bench.said()) == DAY + 9, "nothing is judged before the new shard has spoken or was given up"


def test_a_silent_shard_is_given_up_after_a_while_and_a_restart_decides_the_same(bench: Bench) -> None:
    bench.fill([*shard_days(0, DAY, DAY + 9), *shard_days(1, DAY, DAY + 9), *shard_days(0, DAY + 10, DAY + 20)])
    worker = bench.worker()
    bench.drain(worker)
    worker.save()
    assert max(bench.said()) == DAY + 9
    look(bench, worker)
    look(bench, worker, after_s=599.0)
    assert max(bench.said()) == DAY + 9, "not yet"
    look(bench, worker)
    bench.drain(worker)
    assert max(bench.said()) == DAY + 16
    bench.fill(shard_days(0, DAY + 21, DAY + 22))
    look(bench, worker)
    bench.drain(worker)
    assert max(bench.said()) == DAY + 18, "who was given up holds nobody up again"
    bench.fill([*shard_days(1, DAY + 10, DAY + 24), *shard_days(0, DAY + 23, DAY + 24)])
    bench.drain(worker)
    assert max(bench.said()) == DAY + 24
    bench.crash(worker)
    bench.drain(bench.worker())
    assert max(bench.said()) == DAY + 24


def test_a_crash_before_the_first_save_waits_for_no_shard_that_came_after_what_was_said(bench: Bench) -> None:
    bench.fill([*shard_days(0, DAY, DAY + 9), *shard_days(1, DAY, DAY + 9)])
    worker = bench.worker()
    bench.drain(worker)
    assert max(bench.said()) == DAY + 9
    bench.log.topic("B2")
    bench.crash(worker)
    newcomer = [msgspec.structs.replace(one, institution_code="B2") for one in shard_days(0, DAY - 8, DAY + 12)]
    bench.fill([*newcomer, *shard_days(0, DAY + 10, DAY + 12), *shard_days(1, DAY + 10, DAY + 12)])
    bench.drain(bench.worker())
    assert max(bench.said()) == DAY + 12


def test_what_is_no_evidence_is_counted_and_the_rest_goes_on(bench: Bench, tmp_path: Path) -> None:
    refused = metrics.EVIDENCE.labels("refused")
    before = refused._value.get()  # noqa: SLF001 - the client has no other way to read a counter
    records = backlog()
    bench.fill(records[:10])
    for value in (b"{}", b"\x02nothing", b""):
        bench.log.append(SHELF, value, ())
    bench.fill(records[10:])
    bench.drain(bench.worker())
    assert refused._value.get() - before == 2  # noqa: SLF001
    assert bench.said() == expected(tmp_path)


def test_an_evidence_topic_of_several_partitions_is_refused(bench: Bench) -> None:
    bench.log.records[Shelf(EVIDENCE, 1)] = []
    bench.fill(backlog())
    with pytest.raises(ConfigurationError, match="several partitions"):
        bench.drain(bench.worker())


def test_a_checkpoint_without_a_commit_is_refused_unless_it_is_adopted(bench: Bench, tmp_path: Path) -> None:
    bench.fill(backlog())
    worker = bench.worker()
    bench.drain(worker)
    worker.save()
    bench.crash(worker)
    bench.log.commits.clear()
    with pytest.raises(CheckpointMismatch, match="--adopt"):
        bench.drain(bench.worker())
    bench.log.members.clear()
    bench.drain(bench.worker(without=WithoutCommit.ADOPT))
    assert bench.said() == expected(tmp_path)


def test_workers_tell_evidence_before_they_commit(tmp_path: Path) -> None:
    log = MemoryLog()
    log.topic(INSTITUTION)
    workers = Workers(log, tmp_path)
    fill(log)
    worker = workers.worker()
    worker.begin()
    workers.drain(worker)
    assert log.told == []
    worker.save()
    days = [one.day for one in map(evidence.decode, log.told) if isinstance(one, DayMark)]
    assert days == sorted(days)
    assert len(set(days)) >= 12
    assert log.journal.index("flushed") < log.journal.index("committed")
