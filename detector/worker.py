"""One detector worker: poll, decode, judge, publish, checkpoint and commit; shards come and go with the group."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from contract.errors import PartitionsLost, RetryableError, StoreUnavailable, TransportUnavailable, TurnTaken
from contract.records import RecordKind
from contract.reject import Reject
from detector import metrics
from detector.checkpoint import CheckpointStore
from detector.decode import Record, Step
from detector.engine import Output
from detector.opening import Held, Opening
from detector.patience import Patience, note_failure
from detector.snapshot import Snapshot, Wanted, can_copy
from detector.steps import take
from detector.transport.base import Committed, Shelf, Transport

log = structlog.get_logger()
POLL_S: Final = 0.5
BACKGROUND_FROM: Final = 64 * 1024 * 1024
"""Bytes of state from which checkpoints are written beside the stream; less is written in a moment."""
_MOST_LAG_S: Final = 10 * 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class _Writing:
    """Checkpoints that are being written, and of which shards at which positions."""

    snapshot: Snapshot
    of: dict[Shelf, tuple[Held, int]]


@dataclass(slots=True)
class Worker:
    """Holds the shards of the partitions that the group gives it.

    A bad record or row becomes a reject and the rest goes on. A broker or store of checkpoints that is away is waited
    for, and nothing is committed meanwhile. Any other error leaves the poll uncommitted and must end the process: the
    shards have learned from it, so only their checkpoints are consistent. What the group has given to another worker is
    forgotten.

    Parameters
    ----------
    stopped
        Asked between polls, and while something is waited for.
    clock, now_ms, pause
        Seconds for the times of checkpoints, the wall clock for the lag metric, and how to wait.
    background_from
        Bytes of state from which checkpoints are written beside the stream.
    """

    transport: Transport
    store: CheckpointStore
    opening: Opening
    checkpoint_every_s: float
    stopped: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    now_ms: Callable[[], int] = lambda: int(time.time() * 1000)
    pause: Callable[[float], None] = time.sleep
    _held: dict[Shelf, Held] = field(default_factory=dict)
    _saved_at: float = 0.0
    _patience: Patience = field(init=False)
    _tried_at: float = 0.0
    background_from: int = BACKGROUND_FROM
    _fallbacks: int = 0
    _writing: _Writing | None = None

    def __post_init__(self) -> None:
        self._patience = Patience(self.stopped, self.pause)

    def run(self) -> None:
        """Work until ``stopped`` says so; then everything is checkpointed, committed and the group left.

        Raises ``RetryableError`` where that cannot be done at the end: the next start goes on from the last commit.
        """
        try:
            self.begin()
            while not self.stopped():
                self.run_once()
            self.save()
        finally:
            # After an error the shards are half-changed: leaving the group must not hand them over.
            self._held.clear()
            self._end_writing()
            self.transport.close()
        log.info("detector_stopped")

    def begin(self) -> None:
        """Join the group."""
        self._saved_at = self._tried_at = self.clock()
        self._fallbacks = self.opening.catalogue.calendar.fallbacks
        self.transport.subscribe(self._handed_over, self._lost)

    def run_once(self) -> int:
        """Handle one poll and return how many records it held."""
        try:
            if self.opening.desk is not None:
                self.opening.desk.refresh()
            polled = self.transport.poll(POLL_S)
        except TransportUnavailable as error:
            self._patience.wait(error)
            return 0
        count = 0
        for shelf, records in polled.items():
            count += self._take_records(shelf, records)
        metrics.CHECKPOINT_AGE.set(self.clock() - self._saved_at)
        if self._writing is not None:
            self._look_at_writing(self._writing)
        elif self.clock() - self._tried_at >= self.checkpoint_every_s:
            self._checkpoint()
        return count

    def save(self) -> None:
        """Flush what was published, then checkpoint and commit every shard that has moved."""
        self._end_writing()
        self._patience.insist(self.transport.flush)
        self._tried_at = self.clock()
        self._try(lambda: self._commit(self._written(self._moved())))
        self._measure()

    def _moved(self) -> dict[Shelf, Held]:
        return {shelf: held for shelf, held in self._held.items() if held.position != held.saved_at}

    def _try(self, commit: Callable[[], None]) -> None:
        """Commit; where that cannot be, the shards stay as they are and are saved the next time, or are another's."""
        try:
            commit()
        except PartitionsLost as error:
            log.warning("commit_refused", reason=str(error))
            self._lost(list(self._held))
        except RetryableError as error:
            if self.stopped():
                raise
            note_failure(error)
        else:
            self._saved_at = self._tried_at

    def _checkpoint(self) -> None:
        """Save at once what is small; write what is large beside the stream, and commit it when it is written."""
        if not can_copy() or sum(held.shard.measure().state_bytes for held in self._held.values()) < self.background_from:
            self.save()
            return
        self._patience.insist(self.transport.flush)
        self._tried_at = self.clock()
        self._measure()
        moved = self._moved()
        try:
            taken = Snapshot.take(self.store, [self._wanted(shelf, held) for shelf, held in moved.items()])
        except RetryableError as error:
            note_failure(error)
            return
        self._writing = _Writing(taken, {shelf: (held, held.position) for shelf, held in moved.items()})

    def _wanted(self, shelf: Shelf, held: Held) -> Wanted:
        if held.recorder is not None:
            # Before the checkpoint: what is committed is archived.
            held.recorder.flush(held.position)
        return Wanted(shelf.topic, shelf.partition, held.position, self.opening.catalogue.name, held.shard.state())

    def _look_at_writing(self, writing: _Writing) -> None:
        """Commit what has been written beside the stream, of the shards that are still ours."""
        if writing.snapshot.is_over():
            self._writing = None
            self._try(lambda: self._commit(self._still_ours(writing)))

    def _still_ours(self, writing: _Writing) -> dict[Shelf, Committed]:
        told = zip(writing.of.items(), writing.snapshot.names(), strict=True)
        return {shelf: Committed(at, name) for (shelf, (held, at)), name in told if self._held.get(shelf) is held}

    def _end_writing(self) -> None:
        if self._writing is not None:
            self._writing.snapshot.discard()
            self._writing = None

    def _measure(self) -> None:
        sizes = [held.shard.measure() for held in self._held.values()]
        metrics.ACCOUNTS.set(sum(size.accounts for size in sizes))
        metrics.STATE_BYTES.set(sum(size.state_bytes for size in sizes))

    def _commit(self, positions: dict[Shelf, Committed]) -> None:
        if not positions:
            return
        self.transport.commit(positions)
        log.info("shards_checkpointed", shards=len(positions))
        for shelf, at in positions.items():
            self._held[shelf].saved_at = at.position
            self.store.prune(shelf.topic, shelf.partition, at.checkpoint)

    def _written(self, moved: dict[Shelf, Held]) -> dict[Shelf, Committed]:
        positions = {}
        for shelf, held in moved.items():
            positions[shelf] = Committed(held.position, self.store.write(*self._wanted(shelf, held)))
        return positions

    def _handed_over(self, shelves: list[Shelf]) -> dict[Shelf, Committed]:
        """Hand shards over: what is returned is committed before the next owner begins, and it goes on from there."""
        mine = {shelf: self._held.pop(shelf) for shelf in shelves if shelf in self._held}
        moved = {shelf: held for shelf, held in mine.items() if held.position != held.saved_at}
        if not mine:
            return {}
        self._patience.insist(self.transport.flush)
        try:
            positions = self._written(moved)
        except StoreUnavailable as error:
            # The next owner goes on from what was committed before.
            note_failure(error)
            return {}
        log.info("shards_handed_over", shards=len(mine))
        return positions

    def _lost(self, shelves: list[Shelf]) -> None:
        """Forget shards that are another's: what they learned since their last commit, its owner learns anew."""
        lost = [self._held.pop(shelf) for shelf in shelves if shelf in self._held]
        log.warning("shards_lost", shards=len(lost))

    def _take_records(self, shelf: Shelf, records: list[Record]) -> int:
        """Handle what goes on from where the shard stands, and send the client there where it reads elsewhere.

        After a refused hand-over the client still stands behind what it read last, which nobody has committed.
        """
        held = self._held.get(shelf)
        if held is None:
            try:
                held = self._patience.insist(lambda: self.opening.open(shelf))
            except PartitionsLost as error:
                log.warning("commit_refused", reason=str(error))
                return 0
            self._held[shelf] = held
            if records[0].offset != held.position:
                self.transport.seek(shelf, held.position)
                return 0
        records = [record for record in records if record.offset >= held.position]
        if not records:
            return 0
        if records[0].offset > held.position:
            # Transactions leave gaps; deleted records do too, and those were never judged.
            self._patience.insist(lambda: self.opening.check_start(shelf, held.position))
        try:
            with metrics.BATCH_SECONDS.time():
                self._handle(shelf, held, records)
        except TurnTaken as error:
            log.warning("turn_taken", topic=shelf.topic, partition=shelf.partition, reason=str(error))
            self._lost([shelf])
            return 0
        return len(records)

    def _handle(self, shelf: Shelf, held: Held, records: list[Record]) -> None:
        for step in held.decoder.decode(records):
            if isinstance(step, Step):
                self._take(shelf, held, step)
            elif isinstance(step, Reject):
                self._refuse(step)
            else:
                for name, count in step.items():
                    metrics.DEGRADED.labels(name).inc(count)
        held.position = records[-1].offset + 1
        if held.recorder is not None:
            self._patience.insist(partial(held.recorder.through, held.position))
        for stream, drifts in held.shard.drifts.items():
            if drifts > held.drifts.get(stream, 0):
                metrics.DRIFT.labels(stream).inc(drifts - held.drifts.get(stream, 0))
                held.drifts[stream] = drifts

    def _take(self, shelf: Shelf, held: Held, step: Step) -> None:
        output = take(held.shard, step)
        if self.opening.desk is not None:
            self.opening.desk.record(shelf, [offset for offset, _ in step.places], self._patience.insist)
        if held.recorder is not None:
            held.recorder.add(step, output.rejects)
        if step.kind is RecordKind.MOVEMENT and step.batch is not None:
            newest = step.batch.column("occurred_at")[-1].value
            metrics.EVENT_LAG.set(max(0.0, min((self.now_ms() - newest) / 1000.0, _MOST_LAG_S)))
        self._publish(output)
        for reject in output.rejects:
            offset, row = step.places[reject.row]
            self._refuse(held.decoder.reject(offset, row, reject.reason, reject.field), counted=True)

    def _publish(self, output: Output) -> None:
        fallbacks = self.opening.catalogue.calendar.fallbacks
        metrics.CALENDAR_FALLBACK.inc(fallbacks - self._fallbacks)
        self._fallbacks = fallbacks
        for flag in output.flags:
            self._patience.insist(partial(self.transport.publish_flag, flag))
            metrics.FLAGS.labels(flag.category).inc()
            for finding in flag.findings:
                metrics.FINDINGS.labels(finding.typology).inc()
            for model, score in flag.model_scores.items():
                metrics.MODEL_SCORE.labels(model).observe(score)
        for record in output.evidence:
            self._patience.insist(partial(self.transport.publish_evidence, record))
            metrics.EVIDENCE.labels("told").inc()
        for outcome, count in output.outcomes.items():
            metrics.MOVEMENTS.labels(outcome).inc(count)

    def _refuse(self, reject: Reject, *, counted: bool = False) -> None:
        self._patience.insist(partial(self.transport.publish_reject, reject))
        metrics.REJECTS.labels(reject.reason).inc()
        if not counted:
            metrics.MOVEMENTS.labels("rejected").inc()
