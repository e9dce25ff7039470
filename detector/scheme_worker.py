"""The scheme process: evidence in, schemes and member flags out; one works, those started beside it stand by."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import msgspec
import structlog

from contract import evidence
from contract.errors import PartitionsLost, RetryableError, StoreUnavailable, TransportUnavailable
from contract.evidence import DayMark
from detector import metrics
from detector.checkpoint import CheckpointStore
from detector.decode import Record
from detector.patience import Patience, note_failure
from detector.scheme_opening import HeldEngine, SchemeOpening
from detector.schemes.engine import SchemeEngine, SchemeOutput
from detector.schemes.ticks import Shard
from detector.transport.base import Committed, Shelf, Transport
from detector.waiting import Silence, new_shards

log = structlog.get_logger()
POLL_S: Final = 0.5
LOOK_S: Final = 10.0
"""How often it is looked for shards that are new or silent."""


@dataclass(slots=True)
class SchemeWorker:
    """Holds the engine while the group gives this process the evidence topic's one partition.

    As a worker with its shards: a broker or store that is away is waited for, any other error ends the process, and what
    the group gave to another is forgotten. What the engine says depends on the log alone: that a new shard is waited for,
    or a silent one no longer, is itself a record of the log (``Silence``), so a restart decides as before.

    Parameters
    ----------
    silent_after_s
        How long a shard that holds everybody up may stand still before it is waited for no longer.
    stopped, clock, pause
        As of ``Worker``.
    """

    transport: Transport
    store: CheckpointStore
    opening: SchemeOpening
    checkpoint_every_s: float
    silent_after_s: float
    stopped: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _shelf: Shelf | None = None
    _held: HeldEngine | None = None
    _silence: Silence = field(default_factory=Silence)
    _announced: set[Shard] = field(default_factory=set)
    _saved_at: float = 0.0
    _patience: Patience = field(init=False)
    _looked_at: float = 0.0

    def __post_init__(self) -> None:
        self._patience = Patience(self.stopped, self.pause)

    def run(self) -> None:
        """Work until ``stopped`` says so; then the engine is checkpointed, committed and the group left.

        Raises ``RetryableError`` where that cannot be done at the end: the next start goes on from the last commit.
        """
        try:
            self.begin()
            while not self.stopped():
                self.run_once()
            self.save()
        finally:
            # After an error the engine is half-changed: leaving the group must not hand it over.
            self._held = None
            self.transport.close()
        log.info("schemes_stopped")

    def begin(self) -> None:
        """Join the group."""
        self._saved_at = self._looked_at = self.clock()
        self.transport.subscribe(self._handed_over, self._lost)

    def run_once(self) -> int:
        """Handle one poll and return how many records it held."""
        try:
            polled = self.transport.poll(POLL_S)
        except TransportUnavailable as error:
            self._patience.wait(error)
            return 0
        try:
            count = sum(self._take_records(shelf, records) for shelf, records in polled.items())
        except PartitionsLost as error:
            log.warning("commit_refused", reason=str(error))
            self._forget()
            return 0
        if self.clock() - self._looked_at >= LOOK_S:
            with suppress(TransportUnavailable):
                self._look()
        metrics.SCHEMES_ACTIVE.set(self._held is not None)
        metrics.CHECKPOINT_AGE.set(self.clock() - self._saved_at)
        if self.clock() - self._saved_at >= self.checkpoint_every_s:
            self.save()
        return count

    def save(self) -> None:
        """Flush what was published, then checkpoint and commit where the engine has moved."""
        self._patience.insist(self.transport.flush)
        self._saved_at = self.clock()
        try:
            positions = self._written()
            if self._held is None or not positions:
                return
            self.transport.commit(positions)
            for shelf, at in positions.items():
                self._held.saved_at = at.position
                self.store.prune(shelf.topic, shelf.partition, at.checkpoint)
        except PartitionsLost as error:
            log.warning("commit_refused", reason=str(error))
            self._forget()
        except RetryableError as error:
            if self.stopped():
                raise
            # The engine stays as it is and is saved the next time.
            note_failure(error)

    def _written(self) -> dict[Shelf, Committed]:
        held, shelf = self._held, self._shelf
        if held is None or shelf is None or held.position == held.saved_at:
            return {}
        name = self.store.write(*shelf, held.position, self.opening.catalogue.name, held.engine.state())
        return {shelf: Committed(held.position, name)}

    def _take_records(self, shelf: Shelf, records: list[Record]) -> int:
        if self._held is None:
            self._shelf, self._held = shelf, self._patience.insist(lambda: self.opening.open(shelf))
            if records[0].offset != self._held.position:
                # A compacted log has gaps: what is read next may lie further on.
                self.transport.seek(shelf, self._held.position)
                return 0
        held = self._held
        for record in records:
            if record.offset >= held.position:
                self._handle(held.engine, record)
                held.position = record.offset + 1
        self._measure(held.engine)
        return len(records)

    def _handle(self, engine: SchemeEngine, record: Record) -> None:
        if not record.value:
            return
        try:
            told = evidence.decode(record.value)
        except (msgspec.DecodeError, UnicodeDecodeError):
            metrics.EVIDENCE.labels("refused").inc()
            log.warning("evidence_refused", topic=record.topic, partition=record.partition, offset=record.offset)
            return
        metrics.EVIDENCE.labels("taken").inc()
        if isinstance(told, DayMark) and told.day == evidence.EXPECTED:
            engine.expect([(told.institution_code, told.partition)])
            return
        self._publish(engine.take(told, patient=True))

    def _publish(self, output: SchemeOutput) -> None:
        for scheme in output.schemes:
            self._patience.insist(partial(self.transport.publish_scheme, scheme))
            metrics.SCHEMES.labels(scheme.category).inc()
        for flag in output.flags:
            self._patience.insist(partial(self.transport.publish_flag, flag))
            metrics.FLAGS.labels(flag.category).inc()
            for finding in flag.findings:
                metrics.FINDINGS.labels(finding.typology).inc()

    def _look(self) -> None:
        """Write into the log which shards are new, and for which nobody waits any longer."""
        held, shelf = self._held, self._shelf
        if held is None or shelf is None or held.position < self.transport.end(shelf):
            # What is read first may still tell of them.
            return
        self._looked_at = self.clock()
        marks = new_shards(self.transport.event_shelves(), {*held.engine.standing, *self._announced})
        self._announced.update((mark.institution_code, mark.partition) for mark in marks)
        given_up = self._silence.given_up(held.engine, self.clock(), self.silent_after_s)
        for mark in given_up:
            log.warning("shard_silent", institution=mark.institution_code, partition=mark.partition)
        for mark in (*marks, *given_up):
            self._patience.insist(partial(self.transport.publish_evidence, mark))

    def _measure(self, engine: SchemeEngine) -> None:
        if engine.judged is not None:
            metrics.SCHEMES_DAY.set(engine.judged)
        newest = max(engine.standing.values(), default=0)
        metrics.SCHEMES_BEHIND.set(sum(newest - day > engine.silent_days for day in engine.standing.values()))

    def _handed_over(self, _shelves: list[Shelf]) -> dict[Shelf, Committed]:
        """Hand the engine over: what is returned is committed before the next owner begins."""
        if self._held is None:
            return {}
        self._patience.insist(self.transport.flush)
        try:
            positions = self._written()
        except StoreUnavailable as error:
            # The next owner goes on from what was committed before.
            note_failure(error)
            positions = {}
        log.info("schemes_handed_over")
        self._forget()
        return positions

    def _lost(self, _shelves: list[Shelf]) -> None:
        """Forget the engine that is another's: what it learned since its last commit, its owner learns anew."""
        log.warning("schemes_lost")
        self._forget()

    def _forget(self) -> None:
        self._held = self._shelf = None
        self._silence = Silence()
        self._announced.clear()
