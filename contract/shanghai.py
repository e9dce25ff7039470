"""Calendar days of Asia/Shanghai and times on the wire; China has had no summer time since 1991."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

DAY_MS: Final = 86_400_000
OFFSET_MS: Final = 8 * 3_600_000
_EPOCH: Final = date(1970, 1, 1)


def day_of(ms: Any) -> Any:
    """Day number (days since 1970-01-01 in Shanghai) of epoch milliseconds; an int or an array.

    >>> day_of(0), day_of(16 * 3_600_000 - 1), day_of(16 * 3_600_000)
    (0, 0, 1)
    """
    return (ms + OFFSET_MS) // DAY_MS


def day_start_ms(day: int) -> int:
    """Epoch milliseconds of 00:00 of a day in Shanghai."""
    return int(day) * DAY_MS - OFFSET_MS


def day_number(day: date) -> int:
    """Day number of a date."""
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    """Date of a day number.

    >>> date_of(20000).isoformat()
    '2024-10-04'
    """
    return _EPOCH + timedelta(days=int(day))


def text_ms(ms: int) -> str:
    """RFC 3339 in UTC with milliseconds.

    >>> text_ms(1_700_000_000_123)
    '2023-11-14T22:13:20.123Z'
    """
    day, rest = divmod(ms, DAY_MS)
    return f"{_utc_date(day)}T{rest // 3_600_000:02d}:{rest // 60_000 % 60:02d}:{rest // 1000 % 60:02d}.{rest % 1000:03d}Z"


@lru_cache(maxsize=4096)
def _utc_date(day: int) -> str:
    return date_of(day).isoformat()


def parse_ms(text: str) -> int:
    """Epoch milliseconds of an RFC 3339 time with offset; raises ``ValueError`` for one without.

    >>> parse_ms("2026-01-01T08:00:00+08:00") == parse_ms("2026-01-01T00:00:00.000Z")
    True
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("time without offset")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
