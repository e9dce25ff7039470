"""A worker with an archive over a log in memory, ended and rebuilt as a test wants it."""

from __future__ import annotations

from typing import Any

import numpy as np

from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.arrow_codec import encode_batch
from contract.json_codec import encode_watermark
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.records import ContentType, RecordKind, headers
from contract.shanghai import parse_ms
from contract.topics import events_topic
from detector.archive.rebuild import Progress, Rebuild
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.features import memory as mem
from detector.opening import Opening
from detector.transport.base import Shelf
from detector.worker import Worker
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, movement, profile

TOPIC = events_topic(INSTITUTION)
SHELF = Shelf(TOPIC, 0)
PLACE = ArchiveShelf(TOPIC, 0, 1)
LATER_MS = parse_ms("2026-12-31T00:00:00+08:00")


def fill(log: MemoryLog) -> None:
    """Cash over the large-value line, many payers, repeated records, a changed one, profiles and watermarks for 8 days."""
    accounts = [profile(f"a:{n}", "person", customer_id=None) for n in range(4)]
    log.append(SHELF, encode_batch(batch_of(accounts, PROFILE)), headers(RecordKind.PROFILE, ContentType.ARROW), at_ms=LATER_MS)
    for day in range(1, 9):
        rows = [
            movement(
                f"{day}-{n}",
                f"2026-04-{day:02}T{9 + n % 9:02}:00",
                20_000 + n,
                account_id=f"a:{n % 4}",
                kind="cash",
                counterparty_id=f"a:payer{day * 31 + n}",
            )
            for n in range(24)
        ]
        for part in (rows[:9], rows[9:], rows[:3], [rows[4] | {"amount_minor": 7}]):
            sent = headers(RecordKind.MOVEMENT, ContentType.ARROW)
            log.append(SHELF, encode_batch(batch_of(part, MOVEMENT)), sent, at_ms=LATER_MS)
        done = encode_watermark(INSTITUTION, parse_ms(f"2026-04-{day + 1:02}T00:00:00+08:00"))
        log.append(SHELF, done, headers(RecordKind.WATERMARK, ContentType.JSON), at_ms=LATER_MS)


class Office:
    """A log, an archive and places of checkpoints, in a folder or below the URL of an object store."""

    def __init__(self, root: str, *, filled: bool = True, catalogue: Catalogue = CATALOGUE) -> None:
        self.log = MemoryLog()
        self.log.topic(INSTITUTION)
        if filled:
            fill(self.log)
        self.root, self.catalogue = root, catalogue
        self.archive_url = f"{root}/archive"
        self.archive = Archive.at(self.archive_url)
        self.store = CheckpointStore.at(f"{root}/checkpoints", 2)
        self.lives = 1
        self.told: list[Progress] = []

    def worker(self, *, archived: bool = True, most: int = 4) -> Worker:
        transport = MemoryTransport(self.log, most)
        opening = Opening(transport, self.store, self.catalogue, 600_000, archive=self.archive if archived else None)
        worker = Worker(transport, self.store, opening, 1e9, lambda: False, pause=lambda _s: None)
        worker.begin()
        return worker

    def gone(self) -> None:
        """The processes are gone and the group has lost its commits and checkpoints."""
        self.log.members.clear()
        self.log.commits.clear()
        self.lives += 1
        self.store = CheckpointStore.at(f"{self.root}/checkpoints-{self.lives}", 2)

    def rebuild(self, **options: Any) -> int:
        transport = MemoryTransport(self.log, 4)
        opening = Opening(transport, self.store, self.catalogue, 600_000)
        return Rebuild(self.archive, opening, transport, self.told.append, **options).run()


def worked(worker: Worker, polls: int | None = None) -> Worker:
    """The worker after some polls, or after all that there is."""
    while polls is None or polls > 0:
        # The first poll of one that goes on from elsewhere sends the client there.
        if not worker.run_once() and not worker.run_once():
            break
        polls = None if polls is None else polls - 1
    return worker


def state_of(worker: Worker) -> dict[str, bytes]:
    """The whole state; events before the duplicate window are dropped when it is convenient, so they are left out."""
    state = worker._held[SHELF].shard.state()  # noqa: SLF001
    seen, counters = state["memory.seen"], state["memory.counters"].copy()
    state["memory.seen"] = np.sort(seen[seen["ms"] >= counters[mem.SEEN_FROM]])
    state["memory.counters"] = counters
    return {name: value if isinstance(value, bytes) else value.tobytes() for name, value in state.items()}
