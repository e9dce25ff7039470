"""What the ledger's writer has to know, as the process that starts it tells it: one line of JSON.

No settings: those would be read anew from the environment, without the command line that the parent had.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from api.ledger.deadlines import Deadlines, configured
from api.ledger.states import Status


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of ``ApiSettings`` that the writer needs; ``database`` may hold a password."""

    database: str
    kafka: str
    session_s: float
    due_days: dict[Status, int]
    warn_days: int
    calendar: str | None

    def deadlines(self) -> Deadlines:
        """The deadlines that were set; raises ``ConfigurationError`` for a calendar that is none."""
        return configured(self.due_days, self.warn_days, None if self.calendar is None else Path(self.calendar))


def encode(orders: Orders) -> bytes:
    """One line."""
    return msgspec.json.encode(orders) + b"\n"


def decode(line: bytes) -> Orders:
    """Read one line."""
    return msgspec.json.decode(line, type=Orders)
