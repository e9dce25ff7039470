"""The ledger's one writer: takes flags, schemes and rejects from the log, stores them, and only then commits their offsets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import structlog

from api.database import Database
from api.ledger import repository, schemes
from api.ledger.deadlines import Deadlines
from api.ledger.pacing import Pace
from api.ledger.reading import read_flag
from api.ledger.repository import Stored
from api.ledger.scheme_reading import read_scheme
from api.ledger.source import FlagRecord, FlagSource
from api.metrics import LEDGER_FLAGS, LEDGER_LAG, LEDGER_REFUSED, LEDGER_SCHEMES, LEDGER_WAITS
from api.rejects import repository as rejects
from api.rejects.reading import read_reject
from api.rejects.repository import Told
from contract.errors import LedgerUnavailable, RejectedEvent, RetryableError
from contract.flag import Flag
from contract.scheme import Scheme
from contract.topics import REJECTS_PREFIX, SCHEMES

_LOG = structlog.get_logger(__name__)
_POLL_S: Final = 0.5
_HEARD_EVERY_MS: Final = 5_000
_WAIT_S: Final = (0.5, 1.0, 2.0, 5.0)


@dataclass(slots=True)
class WriterState:
    """What readiness asks: whether the writer reads the log just now."""

    is_reading: bool = False


class Batch(NamedTuple):
    """What one poll held, each in the order of its own log."""

    flags: list[Flag]
    schemes: list[Scheme]
    rejects: list[Told]


class LedgerWriter:
    """Runs in a thread of its own until told to stop.

    Whatever is away is waited for: a line in the log when it goes and when it comes back, a count of every try,
    and nothing committed meanwhile. Records that are no flag are refused with their place, and the rest goes on.
    """

    def __init__(
        self,
        database: Database,
        connect: Callable[[str], FlagSource],
        *,
        clock_ms: Callable[[], int],
        deadlines: Deadlines | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._connect = connect
        self._clock_ms = clock_ms
        self._monotonic = monotonic
        self._deadlines = deadlines or Deadlines()
        self._stop = threading.Event()
        self._heard_ms = 0
        self._pace = Pace()
        self.state = WriterState()

    def stop(self) -> None:
        """Ask the writer to end; it finishes the batch at hand."""
        self._stop.set()

    def run(self) -> None:
        """Read until stopped, connecting anew whenever the log was away."""
        tries = 0
        while not self._stop.is_set():
            try:
                self._read_log()
                tries = 0
            except RetryableError as error:
                tries = 1 if self.state.is_reading else tries + 1
                self.state.is_reading = False
                self._wait(error, tries)

    def _read_log(self) -> None:
        with self._database.writing() as connection:
            group = "fundwatch-ledger-" + repository.ensure_ledger(connection)
        source = self._connect(group)
        try:
            _LOG.info("ledger_reading", group=group)
            while not self._stop.is_set():
                began = self._monotonic()
                new = self.run_once(source)
                self.state.is_reading = True
                if new:
                    self._stop.wait(self._pace.rest_s(source.lag_records(), self._monotonic() - began))
        finally:
            source.close()

    def run_once(self, source: FlagSource, *, timeout_s: float = _POLL_S) -> int:
        """Handle one poll and return how many revisions were new.

        The batch is stored before its offsets are committed; a crash between the two stores nothing twice.
        """
        records = source.poll(timeout_s=timeout_s)
        batch = self._read(records)
        stored = self._store(batch) if any(batch) else 0
        if records:
            source.commit()
        self._note_time(records, source)
        return stored

    def _read(self, records: list[FlagRecord]) -> Batch:
        batch = Batch([], [], [])
        for record in records:
            if record.value is None:
                continue
            try:
                if record.topic == SCHEMES:
                    batch.schemes.append(read_scheme(record.value))
                elif record.topic.startswith(REJECTS_PREFIX):
                    batch.rejects.append(Told(read_reject(record.topic, record.value), record.timestamp_ms))
                else:
                    batch.flags.append(read_flag(record.value))
            except RejectedEvent as error:
                LEDGER_REFUSED.inc()
                _LOG.warning(
                    _refused(record.topic),
                    reason=str(error.reason),
                    field=error.field,
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                )
        return batch

    def _store(self, batch: Batch) -> int:
        tries = 0
        while True:
            try:
                flags, found, counted = self._write(batch)
            except LedgerUnavailable as error:
                # The same batch again: going back to the log would only fetch it once more.
                tries += 1
                self._wait(error, tries)
                if self._stop.is_set():
                    raise
                continue
            LEDGER_FLAGS.inc(flags.revisions)
            LEDGER_SCHEMES.inc(found)
            if batch.flags:
                _LOG.info("flags_stored", records=len(batch.flags), new=flags.revisions, current=flags.current)
            if batch.schemes:
                _LOG.info("schemes_stored", records=len(batch.schemes), new=found)
            if batch.rejects:
                _LOG.info("rejects_counted", records=len(batch.rejects), new=counted)
            return flags.revisions + found + counted

    def _write(self, batch: Batch) -> tuple[Stored, int, int]:
        """Short transactions; the offsets of all topics are committed after the last one, and none stores twice."""
        now, stored = self._clock_ms(), Stored(0, 0)
        for part in self._pace.parts(batch.flags):
            with self._database.writing() as connection:
                stored += repository.store(connection, part, now_ms=now, deadlines=self._deadlines)
        if not batch.schemes and not batch.rejects:
            return stored, 0, 0
        with self._database.writing() as connection:
            found = schemes.store(connection, batch.schemes, now_ms=now, deadlines=self._deadlines) if batch.schemes else 0
            return stored, found, rejects.count(connection, batch.rejects, now_ms=now)

    def _note_time(self, records: list[FlagRecord], source: FlagSource) -> None:
        now = self._clock_ms()
        is_behind = bool(records) and source.lag_records() > 0
        LEDGER_LAG.set(max(0.0, (now - records[-1].timestamp_ms) / 1000) if is_behind else 0.0)
        if not is_behind and now - self._heard_ms >= _HEARD_EVERY_MS:
            self._heard_ms = now
            with self._database.writing() as connection:
                repository.touch(connection, now_ms=now)

    def _wait(self, error: RetryableError, tries: int) -> None:
        dependency = "database" if isinstance(error, LedgerUnavailable) else "broker"
        LEDGER_WAITS.labels(dependency).inc()
        if tries <= 1:
            _LOG.warning("ledger_waiting", dependency=dependency, detail=str(error))
        self._stop.wait(_WAIT_S[min(tries, len(_WAIT_S)) - 1])


def _refused(topic: str) -> str:
    if topic == SCHEMES:
        return "scheme_refused"
    return "reject_refused" if topic.startswith(REJECTS_PREFIX) else "flag_refused"


def wall_clock_ms() -> int:
    """Milliseconds since 1970 by the wall clock."""
    return time.time_ns() // 1_000_000
