"""One detector worker: poll, decode, judge, publish, checkpoint and commit; shards come and go with the group."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from contract.errors import CheckpointMismatch, TransportUnavailable
from contract.records import RecordKind
from contract.reject import Reject
from contract.shanghai import DAY_MS
from contract.topics import institution_of
from detector import metrics
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.decode import Decoder, Record, Step
from detector.engine import Output, Shard
from detector.transport.base import Committed, Shelf, Transport

log = structlog.get_logger()
POLL_S: Final = 0.5
RETRY_S: Final = 1.0


@dataclass(slots=True)
class _Held:
    """A shard that this worker holds, and where it stands in its partition."""

    shard: Shard
    decoder: Decoder
    position: int
    saved_at: int | None = None
    drifts: int = 0


@dataclass(slots=True)
class Worker:
    """Holds the shards of the partitions that the group gives it.

    A bad record or row becomes a reject and the rest goes on. Any other error leaves the poll uncommitted and must end
    the process: the shards have learned from it, so only their checkpoints are consistent. A broker that is away is
    waited for, and nothing is committed meanwhile. ``clock`` (seconds) only times checkpoints and the lag metric.
    """

    transport: Transport
    store: CheckpointStore
    catalogue: Catalogue
    future_ms: int
    checkpoint_every_s: float
    adopt: bool = False
    clock: Callable[[], float] = time.monotonic
    now_ms: Callable[[], int] = lambda: int(time.time() * 1000)
    _held: dict[Shelf, _Held] = field(default_factory=dict)
    _saved_at: float = 0.0
    _stopping: bool = False

    def run(self) -> None:
        """Work until ``stop``; then everything is checkpointed, committed and the group left."""
        self._saved_at = self.clock()
        self.transport.subscribe(self._lost)
        while not self._stopping:
            self.run_once()
        self.save()
        self.transport.close()
        log.info("detector_stopped")

    def stop(self) -> None:
        """Finish the poll at hand, then end."""
        self._stopping = True

    def run_once(self) -> int:
        """Handle one poll and return how many records it held."""
        try:
            polled = self.transport.poll(POLL_S)
        except TransportUnavailable as error:
            self._wait(error)
            return 0
        count = 0
        for shelf, records in polled.items():
            if shelf not in self._held:
                self._held[shelf] = self._opened(shelf, records[0].offset)
            held = self._held[shelf]
            with metrics.BATCH_SECONDS.time():
                self._handle(held, records)
            count += len(records)
        metrics.CHECKPOINT_AGE.set(self.clock() - self._saved_at)
        if self.clock() - self._saved_at >= self.checkpoint_every_s:
            self.save()
        return count

    def save(self) -> None:
        """Flush what was published, then checkpoint and commit every shard that has moved."""
        self._flushed()
        moved = {shelf: held for shelf, held in self._held.items() if held.position != held.saved_at}
        self._commit(moved)
        self._saved_at = self.clock()
        sizes = [held.shard.measure() for held in self._held.values()]
        metrics.ACCOUNTS.set(sum(size.accounts for size in sizes))
        metrics.STATE_BYTES.set(sum(size.state_bytes for size in sizes))

    def _commit(self, moved: dict[Shelf, _Held]) -> None:
        positions = self._written(moved)
        if positions:
            self.transport.commit(positions)
            log.info("shards_checkpointed", shards=len(positions))
        for shelf, held in moved.items():
            held.saved_at = held.position
            self.store.prune(shelf.topic, shelf.partition)

    def _written(self, moved: dict[Shelf, _Held]) -> dict[Shelf, Committed]:
        positions = {}
        for shelf, held in moved.items():
            name = self.store.write(shelf.topic, shelf.partition, held.position, self.catalogue.name, held.shard.state())
            positions[shelf] = Committed(held.position, name)
        return positions

    def _flushed(self) -> None:
        while True:
            try:
                self.transport.flush()
            except TransportUnavailable as error:
                self._wait(error)
            else:
                return

    def _wait(self, error: TransportUnavailable) -> None:
        metrics.BROKER_WAITS.inc()
        log.warning("broker_awaited", reason=str(error))
        time.sleep(RETRY_S)

    def _lost(self, shelves: list[Shelf]) -> dict[Shelf, Committed]:
        """Hand shards over: what is returned is committed before the next owner begins, and it goes on from there."""
        mine = {shelf: self._held.pop(shelf) for shelf in shelves if shelf in self._held}
        self._flushed()
        log.info("shards_handed_over", shards=len(mine))
        return self._written({shelf: held for shelf, held in mine.items() if held.position != held.saved_at})

    def _opened(self, shelf: Shelf, first: int) -> _Held:
        """The shard of a partition as its checkpoint left it; ``first`` is the offset of the first record that came."""
        institution = institution_of(shelf.topic)
        decoder = Decoder(institution, shelf.topic, shelf.partition, self.transport.partitions(shelf.topic), self.future_ms)
        what = f"{shelf.topic} partition {shelf.partition}"
        committed = self.transport.committed(shelf)
        if committed is None:
            if self.store.exists(shelf.topic, shelf.partition) and not self.adopt:
                raise CheckpointMismatch(
                    f"{what} has checkpoints but the group has no commit: start with --from-the-beginning to judge the "
                    "log anew, or give another --checkpoint"
                )
            log.info("shard_new", topic=shelf.topic, partition=shelf.partition)
            return _Held(Shard(institution, shelf.partition, self.catalogue), decoder, first)
        if not committed.checkpoint:
            raise CheckpointMismatch(f"the commit of {what} names no checkpoint")
        if first != committed.position:
            raise CheckpointMismatch(f"the log of {what} goes on at {first}, but its checkpoint stands at {committed.position}")
        state = self.store.read(committed.checkpoint, shelf.topic, shelf.partition, committed.position, self.catalogue.name)
        shard = Shard.restore(institution, shelf.partition, self.catalogue, state)
        log.info("shard_restored", topic=shelf.topic, partition=shelf.partition, position=committed.position)
        return _Held(shard, decoder, committed.position, committed.position, shard.drifts)

    def _handle(self, held: _Held, records: list[Record]) -> None:
        for step in held.decoder.decode(records):
            if isinstance(step, Step):
                self._take(held, step)
            elif isinstance(step, Reject):
                self._refuse(step)
            else:
                for name, count in step.items():
                    metrics.DEGRADED.labels(name).inc(count)
        held.position = records[-1].offset + 1
        if held.shard.drifts > held.drifts:
            metrics.DRIFT.labels("half_space_trees").inc(held.shard.drifts - held.drifts)
            held.drifts = held.shard.drifts

    def _take(self, held: _Held, step: Step) -> None:
        if step.kind is RecordKind.WATERMARK:
            self._publish(held.shard.watermark(step.complete_to_ms))
            return
        assert step.batch is not None  # noqa: S101  only watermarks have none
        if step.kind is RecordKind.PROFILE:
            output = held.shard.profiles(step.batch)
        else:
            output = held.shard.movements(step.batch)
            newest = step.batch.column("occurred_at")[-1].value
            metrics.EVENT_LAG.set(max(0.0, min((self.now_ms() - newest) / 1000.0, 3650.0 * DAY_MS)))
        self._publish(output)
        for reject in output.rejects:
            offset, row = step.places[reject.row]
            self._refuse(held.decoder.reject(offset, row, reject.reason, reject.field), counted=True)

    def _publish(self, output: Output) -> None:
        for flag in output.flags:
            self.transport.publish_flag(flag)
            metrics.FLAGS.labels(flag.category).inc()
            for finding in flag.findings:
                metrics.FINDINGS.labels(finding.typology).inc()
            for model, score in flag.model_scores.items():
                metrics.MODEL_SCORE.labels(model).observe(score)
        for outcome, count in output.outcomes.items():
            metrics.MOVEMENTS.labels(outcome).inc(count)

    def _refuse(self, reject: Reject, *, counted: bool = False) -> None:
        self.transport.publish_reject(reject)
        metrics.REJECTS.labels(reject.reason).inc()
        if not counted:
            metrics.MOVEMENTS.labels("rejected").inc()
