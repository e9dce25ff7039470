"""Times of requests as the ledger counts them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware time."""
    return round((moment - _EPOCH).total_seconds() * 1000)
