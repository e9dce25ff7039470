"""Rebuilds shards from the archive, so that a worker goes on from Kafka as if it had never stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile, ArchiveShelf
from contract.errors import ArchiveMismatch, CheckpointMismatch, PartitionsLost
from detector.archive.reading import parts, steps
from detector.engine import Shard
from detector.opening import BEGUN, Opening
from detector.steps import take
from detector.transport.base import Committed, Shelf, Transport

log = structlog.get_logger()


class Progress(NamedTuple):
    """How far a rebuild is: bytes of files read and to be read, rows taken, and seconds since it began."""

    done: int
    whole: int
    rows: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the pace so far, ``None`` before anything was read."""
        return self.seconds * (self.whole - self.done) / self.done if self.done else None


@dataclass(slots=True)
class Rebuild:
    """Rebuilds every shard of an archive that has no checkpoint to go on from, before the worker joins its group.

    Each shard is fed what it consumed, in the log's order, its flags are published (again: they are the same revisions),
    and its checkpoint is written and committed at the archive's end. A shard that was done is not done again, so an
    interrupted rebuild goes on. Costs the engine's own time a movement; holds one shard and one file at a time.

    Parameters
    ----------
    transport
        Not subscribed; its group must have no members.
    tell, stopped
        Called, and asked, after every file.
    """

    archive: Archive
    opening: Opening
    transport: Transport
    tell: Callable[[Progress], object]
    stopped: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic

    def run(self) -> int:
        """Rebuild and return how many shards were; ends between two files when it is stopped.

        Raises ``ArchiveMismatch`` for an archive that is not whole, does not begin with its shards, or does not end
        where the log goes on; ``CheckpointMismatch`` where workers of the group are running.
        """
        shelves = self.archive.shelves()
        if not shelves:
            raise ArchiveMismatch("the archive to rebuild from holds nothing")
        wanted = {shelf: files for shelf in shelves if (files := self.archive.of(shelf)) and self._needs(shelf)}
        for shelf, files in wanted.items():
            self._check_log(shelf, max(file.stop for file in files))
        whole = sum(file.size for files in wanted.values() for file in files)
        done = Progress(0, whole, 0, 0.0)
        started, rebuilt = self.clock(), 0
        for shelf, files in wanted.items():
            for read, rows in self._shard(shelf, files):
                done = Progress(done.done + read, whole, done.rows + rows, self.clock() - started)
                self.tell(done)
                if self.stopped():
                    return rebuilt
            rebuilt += 1
        return rebuilt

    def _needs(self, shelf: ArchiveShelf) -> bool:
        """Whether the shard has no commit, or none with a checkpoint that can be used."""
        place = Shelf(shelf.topic, shelf.partition)
        committed = self.transport.committed(place)
        if committed is None or committed.checkpoint == BEGUN:
            return True
        try:
            self.opening.open(place)
        except CheckpointMismatch:
            return True
        return False

    def _check_log(self, shelf: ArchiveShelf, stop: int) -> None:
        place = Shelf(shelf.topic, shelf.partition)
        what = f"{shelf.topic} partition {shelf.partition}"
        if self.transport.partitions(shelf.topic) != shelf.partitions:
            raise ArchiveMismatch(f"the archive and the broker have {shelf.topic} with different partition counts")
        start, end = self.transport.start(place), self.transport.end(place)
        if start > stop:
            raise ArchiveMismatch(f"the archive of {what} ends at {stop}, but the log begins at {start}: the rest is lost")
        if end < stop:
            raise ArchiveMismatch(f"the archive of {what} ends at {stop}, but the log at {end}: it is another log")

    def _shard(self, shelf: ArchiveShelf, files: Sequence[ArchiveFile]) -> Iterator[tuple[int, int]]:
        """Rebuild one; yields the bytes and rows of every file, those left aside with the last."""
        place = Shelf(shelf.topic, shelf.partition)
        log.info("shard_rebuilding", topic=shelf.topic, partition=shelf.partition, files=len(files))
        shard = self.opening.begun(place)
        left, position = sum(file.size for file in files), 0
        for number, part in enumerate(parts(self.archive, files)):
            if number == 0 and not part.begins:
                what = f"{shelf.topic} partition {shelf.partition}"
                raise ArchiveMismatch(f"the archive of {what} begins at {part.piece.since}, after its shard began")
            if part.piece.file.kept:
                log.warning("movements_were_forgotten", topic=shelf.topic, partition=shelf.partition, until=part.piece.file.stop)
            for step in steps(part.table):
                output = take(shard, step)
                if self.opening.desk is not None:
                    self.opening.desk.record(place, [offset for offset, _ in step.places], lambda act: act())
                for flag in output.flags:
                    self.transport.publish_flag(flag)
                for record in output.evidence:
                    self.transport.publish_evidence(record)
            self.transport.flush()
            position = part.piece.file.stop
            left -= part.piece.file.size
            yield part.piece.file.size, part.piece.file.rows
        self._commit(place, shard, position)
        yield left, 0

    def _commit(self, place: Shelf, shard: Shard, position: int) -> None:
        name = self.opening.store.write(*place, position, self.opening.catalogue.name, shard.state())
        try:
            self.transport.commit({place: Committed(position, name)})
        except PartitionsLost as error:
            raise CheckpointMismatch("the group has running workers: stop them, then start one with --rebuild-from") from error
        log.info("shard_rebuilt", topic=place.topic, partition=place.partition, position=position)
