"""Writes audit lines in groups: one transaction for all that wait, and nobody is answered before it is through."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Final

import structlog

from api.audit import repository
from api.audit.record import AuditRecord
from api.database import Database
from contract.errors import FundwatchError, LedgerUnavailable

_LOG = structlog.get_logger(__name__)
_MOST: Final = 1000
_NOTE_EVERY: Final = 10_000
"""Lines between two notes of the chain's head in the log: whoever keeps the log elsewhere can prove a cut."""


class AuditWriter:
    """One thread a process, begun with the first line.

    The cost of making a transaction durable is shared by all requests that wait for it, so a page's price is small
    where many ask at once, and one commit where one does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: SimpleQueue[tuple[AuditRecord, Future[None]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._noted = 0

    def submit(self, record: AuditRecord) -> Future[None]:
        """Done when the line is durable; holds ``LedgerUnavailable`` where it cannot be written."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)
                self._thread.start()
        written: Future[None] = Future()
        self._queue.put((record, written))
        return written

    def close(self) -> None:
        """Write what waits and end; a line that comes later begins anew."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            waiting = [self._queue.get()]
            while not self._queue.empty() and len(waiting) < _MOST:
                waiting.append(self._queue.get())
            goes_on = None not in waiting
            self._write([one for one in waiting if one is not None])

    def _write(self, waiting: list[tuple[AuditRecord, Future[None]]]) -> None:
        if not waiting:
            return
        # From here on nobody can cancel: a stream whose client hung up would otherwise end this thread, and with it every
        # answer to come. The line of one that was cancelled before is written all the same.
        told = [written for _, written in waiting if written.set_running_or_notify_cancel()]
        try:
            with self._database.appending() as connection:
                seq, head = repository.append(connection, [record for record, _ in waiting])
        except Exception as error:  # noqa: BLE001 - every one that waits is told, and refuses its answer
            _LOG.error("audit_not_written", error=type(error).__name__, lines=len(waiting))
            refused = error if isinstance(error, FundwatchError) else LedgerUnavailable("the audit cannot be written")
            for written in told:
                written.set_exception(refused)
            return
        if seq // _NOTE_EVERY != self._noted:
            self._noted = seq // _NOTE_EVERY
            _LOG.info("audit_head", lines=seq, hash=head.hex())
        for written in told:
            written.set_result(None)
