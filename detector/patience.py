"""How a process waits for what is away outside it: a broker, or the store of its checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from contract.errors import PartitionsLost, RetryableError, StoreUnavailable
from detector import metrics

log = structlog.get_logger()
RETRY_S: Final = 1.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits with a line in the log and a metric, until ``stopped`` says that nobody wants it any longer."""

    stopped: Callable[[], bool]
    pause: Callable[[float], object]

    def insist(self, act: Callable[[], T]) -> T:
        """Do something outside, for as long as what it needs is away; only a stop ends the waiting.

        Raises ``PartitionsLost`` at once, which no waiting mends, and ``RetryableError`` after a stop.
        """
        while True:
            try:
                return act()
            except PartitionsLost:
                raise
            except RetryableError as error:
                if self.stopped():
                    raise
                self.wait(error)

    def wait(self, error: RetryableError) -> None:
        """Say what is away, and pause."""
        if isinstance(error, StoreUnavailable):
            note_failure(error)
        else:
            metrics.BROKER_WAITS.inc()
            log.warning("broker_awaited", reason=str(error))
        self.pause(RETRY_S)


def note_failure(error: RetryableError) -> None:
    """Say that a checkpoint could not be written."""
    metrics.CHECKPOINT_FAILURES.inc()
    log.warning("checkpoint_failed", reason=str(error))
