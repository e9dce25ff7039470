"""Sends what waits in the outbox, in its order, and notes it as sent afterwards."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from api.database import Database
from api.metrics import OUTBOX_RECORDS, OUTBOX_SENT, OUTBOX_WAITS
from api.outbox import repository
from api.outbox.repository import Waiting
from contract.errors import RetryableError

_LOG = structlog.get_logger(__name__)
_BATCH: Final = 500
_IDLE_S: Final = 0.5
_RETRY_S: Final = 2.0


class Sink(Protocol):
    """Where records go; may raise ``TransportUnavailable``."""

    def send(self, records: Sequence[Waiting]) -> None:
        """Send in order and return when all are kept."""

    def close(self) -> None:
        """Stop."""


@dataclass(slots=True)
class Publisher:
    """Runs in a thread of its own until told to stop.

    A record that was sent and not noted is sent again; its number tells the reader, so it takes effect once. A sink that
    failed is closed and made anew: whatever it still held must not arrive after what is sent next.
    """

    database: Database
    connect: Callable[[], Sink]
    clock_ms: Callable[[], int]
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _sink: Sink | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Ask the publisher to end; it finishes the records at hand."""
        self._stop.set()

    def run(self) -> None:
        """Send until stopped."""
        is_waiting = False
        while not self._stop.is_set():
            try:
                busy = self.run_once() > 0
                is_waiting = False
            except RetryableError as error:
                OUTBOX_WAITS.inc()
                if not is_waiting:
                    _LOG.warning("outbox_waiting", detail=str(error))
                is_waiting = True
                self._drop_sink()
                self._stop.wait(_RETRY_S)
            else:
                if not busy:
                    self._stop.wait(_IDLE_S)
        self._drop_sink()

    def run_once(self) -> int:
        """Send what waits, up to a batch, and return how many that were."""
        with self.database.reading() as connection:
            count = repository.waiting(connection)
        OUTBOX_RECORDS.set(count)
        if count == 0:
            return 0
        if self._sink is None:
            self._sink = self.connect()
        with self.database.writing() as connection:
            records = repository.claim(connection, self.owner, now_ms=self.clock_ms(), limit=_BATCH)
        if not records:
            return 0
        self._sink.send(records)
        with self.database.writing() as connection:
            repository.sent(connection, records[-1].seq, now_ms=self.clock_ms())
        for record in records:
            OUTBOX_SENT.labels(record.topic).inc()
        _LOG.info("outbox_sent", records=len(records))
        return len(records)

    def _drop_sink(self) -> None:
        if self._sink is not None:
            self._sink.close()
            self._sink = None
