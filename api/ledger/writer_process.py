"""The ledger's writer seen from ``fundwatch serve``: a process of its own, its metrics counted here.

In one process flags, streams and answers shared one interpreter lock, so that none of them got more than a core together.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Final, cast

from api.config import ApiSettings
from api.ledger import orders as given
from api.ledger import told
from api.ledger.told import Told
from contract.errors import FatalError

# -P: a folder named "api" where the operator happens to stand must not be taken for ours.
_COMMAND: Final = (sys.executable, "-P", "-m", "api.ledger.writing")
_SILENT_S: Final = 10.0
"""A writer that has told nothing for so long is not taken to be reading."""


def orders(settings: ApiSettings) -> bytes:
    """What the writer has to know, as one line; not its arguments, which everybody on the machine can read."""
    return given.encode(
        given.Orders(
            database=settings.database.get_secret_value(),
            kafka=str(settings.kafka),
            session_s=settings.kafka_session.total_seconds(),
            due_days=settings.due_days,
            warn_days=settings.warn_days,
            calendar=None if settings.calendar is None else str(settings.calendar),
        )
    )


class WriterProcess:
    """Runs from the start until ``stop``; ``run`` listens to it and raises ``FatalError`` where it ends otherwise."""

    def __init__(self, orders: bytes, *, command: Sequence[str] = _COMMAND, clock: Callable[[], float] = time.monotonic) -> None:
        # A mask is inherited: signals to the whole group are ours to act upon, from the child's first moment on.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._process = process
        self._orders, self._news = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        self._clock = clock
        self._told: Told | None = None
        self._told_at = clock()
        self._is_stopped = False
        # One that has ended already is told of by ``run``.
        with suppress(BrokenPipeError):
            self._orders.write(orders)
            self._orders.flush()

    def run(self) -> None:
        """Take over what it tells until it has ended."""
        with self._news:
            for line in self._news:
                now = told.decode(line)
                told.take_over(now, self._told)
                self._told, self._told_at = now, self._clock()
        code = self._process.wait()
        if code or not self._is_stopped:
            raise FatalError(f"the ledger's writer ended with exit code {code}")

    def stop(self) -> None:
        """Ask it to end; it finishes the batch at hand."""
        self._is_stopped = True
        with suppress(BrokenPipeError):
            self._orders.close()

    def is_reading(self) -> bool:
        """Whether it reads the log just now, as it said a moment ago."""
        return self._told is not None and self._told.is_reading and self._clock() - self._told_at < _SILENT_S
