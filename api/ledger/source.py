"""What the ledger's writer asks of a log of flags, schemes and rejects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FlagRecord:
    """One record: its place in the log, when it was written there, and its bytes (None: a tombstone)."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    value: bytes | None


class FlagSource(Protocol):
    """A log of flags, schemes and rejects; every method may raise ``TransportUnavailable``."""

    def poll(self, *, timeout_s: float) -> list[FlagRecord]:
        """The next records; empty where nothing new came in time."""

    def commit(self) -> None:
        """Note that everything polled so far is stored."""

    def lag_records(self) -> int:
        """Records written and not yet polled."""

    def close(self) -> None:
        """Leave the log."""
