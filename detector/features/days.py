"""Shanghai days inside the loops."""

from __future__ import annotations

from typing import Any

from detector.features.jit import inner

DAY_MS = 86_400_000
SHANGHAI_MS = 8 * 3_600_000


@inner
def day_of_ms(ms: Any) -> Any:
    """Shanghai calendar day of an epoch time."""
    return (ms + SHANGHAI_MS) // DAY_MS


@inner
def year_of(day: Any) -> Any:
    """Calendar year of a day number, right to a day around New Year."""
    return 1970 + (day * 400) // 146097
