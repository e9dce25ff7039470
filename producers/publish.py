"""Publishes a stream of checked batches, profiles and watermarks into an institution's topic, every record acknowledged."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyarrow as pa
import structlog

from contract.arrow_codec import encode_batch
from contract.json_codec import encode_watermark
from contract.records import ContentType, RecordKind
from contract.stream import Item, Movements, Profiles, WatermarkItem
from producers.log import Log, Receipt
from producers.metrics import IN_FLIGHT, WAITS

logger = structlog.get_logger(__name__)

MOST_RECORD_BYTES: Final = 900_000
"""Under the broker's default of 1 MB with room for headers, should a batch not compress at all."""
MOST_RECORDS: Final = 4000
"""Small records (a paced demo) are bounded by count: each costs the client about a kilobyte beside its bytes."""
PATIENCE_S: Final = 5.0


@dataclass(slots=True)
class Pace:
    """Lets no more than ``per_second`` movements pass, evenly; None lets all pass at once."""

    per_second: float | None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _started: float | None = None
    _passed: int = 0

    def step(self, most: int) -> int:
        """Rows to send at once: about a quarter of a second's worth, so that a slow stream flows instead of jumping."""
        return most if self.per_second is None else max(1, min(most, int(self.per_second / 4)))

    def wait(self, rows: int) -> None:
        """Wait until ``rows`` more may pass."""
        if self.per_second is None:
            return
        now = self.clock()
        if self._started is None:
            self._started = now
        early = self._started + self._passed / self.per_second - now
        if early > 0:
            self.sleep(early)
        self._passed += rows


class _InFlight(NamedTuple):
    receipt: Receipt
    units: int
    movements: int
    partition: int
    size: int


@dataclass(slots=True)
class Publisher:
    """Turns items into records, bounds what is in flight, and counts what the broker acknowledged.

    Costs one Arrow encoding a record of ``rows_per_record`` movements; holds at most ``most_in_flight`` bytes that are
    not acknowledged. A broker that is away is waited for; ``TransportUnavailable`` when a record is given up.

    Parameters
    ----------
    acknowledged
        Called with the number of movements of each acknowledged record.
    settled
        Called with each acknowledged record's units (rows, or 1 of a watermark), movements, partition and offset, in the
        order in which they were sent.
    skip
        Units at the beginning of the stream that an earlier run has sent.
    """

    log: Log
    acknowledged: Callable[[int], None]
    pace: Pace
    rows_per_record: int = 1000
    most_in_flight: int = 32 * 1024 * 1024
    settled: Callable[[int, int, int, int], None] = lambda *_: None
    skip: int = 0
    records: int = 0
    profiles: int = 0
    _waiting: deque[_InFlight] = field(default_factory=deque)
    _bytes: int = 0

    def publish(self, item: Item) -> None:
        """Send what an item holds; items that are none of the log's (refused rows, counts) are left out."""
        if isinstance(item, Movements):
            for part in _parts(self._unsent(item.batch), self.pace.step(self.rows_per_record)):
                self.pace.wait(part.num_rows)
                self._batch(item.partition, part, RecordKind.MOVEMENT)
        elif isinstance(item, Profiles):
            for part in _parts(self._unsent(item.batch), self.rows_per_record):
                self._batch(item.partition, part, RecordKind.PROFILE)
                self.profiles += part.num_rows
        elif isinstance(item, WatermarkItem):
            value = encode_watermark(item.institution, item.complete_to_ms)
            for partition in range(self.log.partitions):
                if self.skip:
                    self.skip -= 1
                else:
                    self._send(partition, value, RecordKind.WATERMARK, ContentType.JSON, 1)

    def _unsent(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows that no earlier run has sent."""
        skipped = min(self.skip, batch.num_rows)
        self.skip -= skipped
        return batch.slice(skipped) if skipped else batch

    def _batch(self, partition: int, part: pa.RecordBatch, kind: RecordKind) -> None:
        value = encode_batch(part)
        if len(value) > MOST_RECORD_BYTES and part.num_rows > 1:
            half = part.num_rows // 2
            self._batch(partition, part.slice(0, half), kind)
            self._batch(partition, part.slice(half), kind)
            return
        self._send(partition, value, kind, ContentType.ARROW, part.num_rows)

    def _send(self, partition: int, value: bytes, kind: RecordKind, content: ContentType, units: int) -> None:
        self._settle(self.most_in_flight - len(value), MOST_RECORDS)
        movements = units if kind is RecordKind.MOVEMENT else 0
        receipt = self.log.send(partition, value, kind, content)
        self._waiting.append(_InFlight(receipt, units, movements, partition, len(value)))
        self._bytes += len(value)
        self.records += 1

    def finish(self) -> None:
        """Wait until the broker has acknowledged every record."""
        self._settle(0, 0)

    def _settle(self, most_bytes: int, most_records: int) -> None:
        """Take acknowledgements that are there, and wait for more while too much is in flight."""
        while self._waiting:
            receipt, units, movements, partition, size = self._waiting[0]
            if not receipt.done() and self._bytes <= max(0, most_bytes) and len(self._waiting) <= most_records:
                break
            while not receipt.wait(PATIENCE_S):
                WAITS.inc()
                logger.warning("broker_awaited", records=len(self._waiting), seconds=PATIENCE_S)
            self._waiting.popleft()
            self._bytes -= size
            self.settled(units, movements, partition, receipt.offset())
            if movements:
                self.acknowledged(movements)
        IN_FLIGHT.set(self._bytes)


def _parts(batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
    return (batch.slice(start, most) for start in range(0, batch.num_rows, most))
