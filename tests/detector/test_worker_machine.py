"""Any order of sending, polling, saving, crashes, stalls, rebalances and lost checkpoints gives the flags of one shard at peace.

The log and the group are in memory, so orders come up that no real broker can be made to show.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contract import control
from contract.arrow_codec import encode_batch
from contract.control import Turn
from contract.errors import StoreUnavailable
from contract.flag import Flag, encode
from contract.json_codec import encode_watermark
from contract.movement import MOVEMENT
from contract.records import ContentType, RecordKind, headers
from contract.shanghai import parse_ms
from contract.topics import CONTROL, events_topic, institution_of
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.decode import Decoder, Step
from detector.engine import Shard
from detector.opening import Opening
from detector.transport.base import Shelf
from detector.worker import Worker
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, batch_of, movement

BANKS = ("BANK1", "BANK2")
SHELVES = [Shelf(events_topic(bank), 0) for bank in BANKS]
DAYS = 10
LATER_MS = parse_ms("2026-12-31T00:00:00+08:00")
Sent = tuple[bytes, list[tuple[str, bytes]]]
which = st.integers(0, 2)


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


def _script(bank: str) -> list[Sent]:
    """A bank's records: three a day with cash over half the line, and a watermark, so that every day has a flag to say."""
    sent: list[Sent] = []
    for day in range(1, DAYS + 1):
        for number in range(3):
            cash = {"institution_code": bank, "kind": "cash", "counterparty_id": None}
            at = f"2026-04-{day:02}T{9 + number:02}:00"
            rows = [movement(f"{day}-{number}", at, 30_000, account_id=f"a:{account}", **cash) for account in range(2)]
            sent.append((encode_batch(batch_of(rows, MOVEMENT)), headers(RecordKind.MOVEMENT, ContentType.ARROW)))
        over = parse_ms(f"2026-04-{day + 1:02}T00:00:00+08:00")
        sent.append((encode_watermark(bank, over), headers(RecordKind.WATERMARK, ContentType.JSON)))
    return sent


SCRIPTS = {shelf: _script(institution_of(shelf.topic)) for shelf in SHELVES}


@dataclass
class FragileLog(MemoryLog):
    """A log at whose ``dies_in``-th call from now the caller's process is killed."""

    dies_in: int = 0

    def reach(self) -> None:
        if self.dies_in:
            self.dies_in -= 1
            if not self.dies_in:
                raise Killed
        super().reach()


@dataclass
class Disk:
    """Whether there is room."""

    full: bool = False


@dataclass(frozen=True)
class SmallStore(CheckpointStore):
    """A store on a disk that may be full."""

    disk: Disk = field(default_factory=Disk)

    def write(self, *about: Any) -> str:
        if self.disk.full:
            raise StoreUnavailable("no checkpoint can be written (No space left on device)")
        return super().write(*about)


class Peace:
    """One partition's flags with the offset that brought them, by a shard that nothing happens to."""

    def __init__(self, shelf: Shelf) -> None:
        bank = institution_of(shelf.topic)
        self._shard = Shard(bank, 0, CATALOGUE)
        self._decoder = Decoder(bank, *shelf, 1, 0)
        self.told: list[tuple[int, bytes]] = []

    def take(self, record: Any) -> None:
        for step in self._decoder.decode([record]):
            assert isinstance(step, Step)
            output = self._shard.watermark(step.complete_to_ms) if step.batch is None else self._shard.movements(step.batch)
            self.told += [(record.offset, encode(flag)) for flag in output.flags]


class Stream(RuleBasedStateMachine):
    """Two banks, up to three workers, one group."""

    scripts: ClassVar[dict[Shelf, list[Sent]]] = SCRIPTS
    catalogue: ClassVar[Catalogue] = CATALOGUE

    def __init__(self) -> None:
        super().__init__()
        self.log = FragileLog()
        for bank in BANKS:
            self.log.topic(bank)
        self.folder = tempfile.TemporaryDirectory()
        self.disk = Disk()
        self.workers: list[Worker] = []
        self.stale: list[Worker] = []
        self.sent = dict.fromkeys(SHELVES, 0)
        self.peace = {shelf: Peace(shelf) for shelf in SHELVES}
        self.lost: set[str] = set()

    def teardown(self) -> None:
        """Once everything works again and all is read, the flags are those of peace."""
        self.disk.full, self.log.away = False, 0
        for worker in list(self.workers):
            self._gone(worker, 0)
        last = self._started()
        for _ in range(200):
            if not last.run_once() and not last.run_once():
                break
        last.save()
        assert self.log.wire() == self._expected()
        self.folder.cleanup()

    # --- banks

    @rule(shelf=st.sampled_from(SHELVES), count=st.integers(1, 6))
    def send(self, shelf: Shelf, count: int) -> None:
        for value, sent in self.scripts[shelf][self.sent[shelf] : self.sent[shelf] + count]:
            self.log.append(shelf, value, sent, at_ms=LATER_MS)
            self.peace[shelf].take(self.log.records[shelf][-1])
            self.sent[shelf] += 1

    @rule(shelf=st.sampled_from(SHELVES), back=st.integers(1, 8))
    def send_again_from_a_little_earlier(self, shelf: Shelf, back: int) -> None:
        for value, sent in self.scripts[shelf][max(0, self.sent[shelf] - back) : self.sent[shelf]]:
            self.log.append(shelf, value, sent, at_ms=LATER_MS)

    # --- workers

    def _started(self) -> Worker:
        transport = MemoryTransport(self.log)
        store = SmallStore.at(self.folder.name, 2)
        store = SmallStore(store.files, store.root, store.keep, self.disk)
        opening = self._opening(transport, store)
        worker = Worker(transport, store, opening, 1e9, lambda: False, pause=lambda _: None)
        worker.begin()
        return worker

    def _opening(self, transport: MemoryTransport, store: CheckpointStore) -> Opening:
        return Opening(transport, store, self.catalogue, 600_000)

    def _expected(self) -> list[bytes]:
        """The flags of peace, as published."""
        return sorted({line for peace in self.peace.values() for _, line in peace.told})

    def _gone(self, worker: Worker, arrived: int) -> None:
        """A process is dead; of what it had handed to its client the first ``arrived`` reached the broker."""
        self.workers.remove(worker)
        transport: Any = worker.transport
        reached, transport.unsent = transport.unsent[:arrived], []
        self.log.flags += [one for one in reached if isinstance(one, Flag)]
        self.log.sides[CONTROL] += [control.encode(one) for one in reached if isinstance(one, Turn)]
        self.log.share([member for member in self.log.members if member is not transport])

    def _doing(self, worker: Worker, act: Callable[[], object], dies_in: int) -> None:
        self.log.dies_in = dies_in
        try:
            act()
        except Killed:
            self._gone(worker, dies_in % 3)
        finally:
            self.log.dies_in = 0

    @precondition(lambda self: len(self.workers) < 3)
    @rule()
    def start(self) -> None:
        self.workers.append(self._started())

    @precondition(lambda self: self.workers)
    @rule(k=which, polls=st.integers(1, 4), dies_in=st.integers(-60, 30).map(lambda n: max(0, n)))
    def work(self, k: int, polls: int, dies_in: int) -> None:
        worker = self.workers[k % len(self.workers)]
        self._doing(worker, lambda: [worker.run_once() for _ in range(polls)], dies_in)

    @precondition(lambda self: self.workers)
    @rule(k=which, dies_in=st.integers(-6, 4).map(lambda n: max(0, n)))
    def save(self, k: int, dies_in: int) -> None:
        worker = self.workers[k % len(self.workers)]
        self._doing(worker, worker.save, dies_in)

    @precondition(lambda self: self.workers)
    @rule(k=which, arrived=st.integers(0, 3))
    def crash(self, k: int, arrived: int) -> None:
        self._gone(self.workers[k % len(self.workers)], arrived)

    @precondition(lambda self: self.workers)
    @rule(k=which)
    def end(self, k: int) -> None:
        worker = self.workers.pop(k % len(self.workers))
        worker.save()
        worker.transport.close()

    @precondition(lambda self: self.workers)
    @rule(k=which)
    def stall_beyond_the_session(self, k: int) -> None:
        worker = self.workers.pop(k % len(self.workers))
        self.stale.append(worker)
        self.log.share([member for member in self.log.members if member is not worker.transport])

    @precondition(lambda self: self.stale)
    @rule(saves=st.booleans(), returns=st.booleans())
    def wake_up(self, saves: bool, returns: bool) -> None:
        worker = self.stale.pop(0)
        if saves:
            worker.save()
        worker.run_once()
        if returns and len(self.workers) < 3:
            transport: Any = worker.transport
            self.log.share([*self.log.members, transport])
            self.workers.append(worker)

    # --- what is around them

    @rule()
    def rebalance(self) -> None:
        self.log.share(self.log.members[::-1])

    @precondition(lambda self: self.workers)
    @rule(k=which, back=st.integers(1, 5))
    def deliver_again(self, k: int, back: int) -> None:
        transport: Any = self.workers[k % len(self.workers)].transport
        for shelf, position in transport.positions.items():
            transport.positions[shelf] = max(0, position - back)

    @rule(calls=st.integers(1, 4))
    def broker_away(self, calls: int) -> None:
        self.log.away = calls

    @rule()
    def disk_fills_or_empties(self) -> None:
        self.disk.full = not self.disk.full

    @rule(shelf=st.sampled_from(SHELVES), manifest=st.booleans())
    def lose_what_the_commit_names(self, shelf: Shelf, manifest: bool) -> None:
        """Two are kept, so one may be lost as long as one before it is whole."""
        at = self.log.commits.get(shelf)
        if at is None or "/" not in at.checkpoint or at.checkpoint in self.lost:
            return
        folder = Path(self.folder.name) / at.checkpoint
        before = [one for one in folder.parent.glob("*/manifest.json") if one.parent.name < folder.name]
        if any(f"{shelf.topic}/{shelf.partition}/{one.parent.name}" not in self.lost for one in before):
            self.lost.add(at.checkpoint)
            target = folder / ("manifest.json" if manifest else "state.bin")
            target.write_bytes(target.read_bytes()[:-7])

    # --- what holds at every moment

    @invariant()
    def everything_published_is_of_peace_and_everything_committed_is_published(self) -> None:
        published = set(self.log.wire())
        expected = {line for peace in self.peace.values() for _, line in peace.told}
        assert published <= expected
        for shelf, at in self.log.commits.items():
            assert {line for offset, line in self.peace[shelf].told if offset < at.position} <= published

    @invariant()
    def every_revision_has_one_content(self) -> None:
        contents = defaultdict(set)
        for flag in self.log.flags:
            contents[flag.flag_id, flag.revision].add(encode(flag))
        assert all(len(found) == 1 for found in contents.values())


TestStream = Stream.TestCase
TestStream.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_the_scripts_have_something_to_say() -> None:
    peace = Peace(SHELVES[0])
    log = MemoryLog()
    log.topic(BANKS[0])
    for value, sent in SCRIPTS[SHELVES[0]]:
        log.append(SHELVES[0], value, sent, at_ms=LATER_MS)
        peace.take(log.records[SHELVES[0]][-1])
    assert len(peace.told) >= 20
