"""RFC 3339 times and calendar dates of whole columns: read strictly, offset required, kept to the millisecond."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.columns import absent, integers
from contract.hashing import utf8
from contract.kernels import inner, loop
from contract.movement import TIMESTAMP
from contract.shanghai import DAY_MS

MOST_MS: Final = 253_402_300_799_999
"""Last millisecond of the year 9999 in UTC; times before 1970 are refused as well."""
FIRST_DAY: Final = -25_567
LAST_DAY: Final = 2_932_896
"""1900-01-01 and 9999-12-31 as days since 1970-01-01: what a date of a profile may be."""
_NONE: Final = np.iinfo(np.int64).min
_ZERO: Final = pa.scalar(0, pa.int64())
_MS_PER_UNIT: Final = {"s": (1000, 1), "ms": (1, 1), "us": (1, 1000), "ns": (1, 1_000_000)}


@inner
def _number(data: Any, first: Any, count: Any) -> Any:
    """Value of ``count`` ASCII digits, -1 where one is none."""
    value = 0
    for k in range(first, first + count):
        if not 48 <= data[k] <= 57:
            return -1
        value = 10 * value + data[k] - 48
    return value


@inner
def _day(data: Any, first: Any) -> Any:
    """Days since 1970-01-01 of ``YYYY-MM-DD`` (proleptic Gregorian), ``_NONE`` where it is no date."""
    year, month, day = _number(data, first, 4), _number(data, first + 5, 2), _number(data, first + 8, 2)
    if data[first + 4] != 45 or data[first + 7] != 45 or year < 0 or not 1 <= month <= 12 or day < 1:
        return _NONE
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 29 if month == 2 and leap else 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if day > longest:
        return _NONE
    # Years that begin in March put the leap day last: 153 days in every five months, 146097 in 400 years.
    shifted = year - 1 if month <= 2 else year
    era_year = shifted % 400
    year_day = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (shifted // 400) * 146_097 + era_year * 365 + era_year // 4 - era_year // 100 + year_day - 719_468


@inner
def _offset_ms(data: Any, first: Any, last: Any) -> Any:
    """What an offset says local time is ahead by, ``_NONE`` where it is none."""
    if last - first == 1 and data[first] in (90, 122):
        return 0
    if last - first != 6 or data[first] not in (43, 45) or data[first + 3] != 58:
        return _NONE
    hours, minutes = _number(data, first + 1, 2), _number(data, first + 4, 2)
    if not 0 <= hours <= 23 or not 0 <= minutes <= 59:
        return _NONE
    ahead = (60 * hours + minutes) * 60_000
    return ahead if data[first] == 43 else -ahead


@inner
def _moment(data: Any, first: Any, last: Any) -> Any:
    """Epoch milliseconds of one RFC 3339 time, ``_NONE`` where it is none."""
    if last - first < 20 or data[first + 10] not in (84, 116) or data[first + 13] != 58 or data[first + 16] != 58:
        return _NONE
    day = _day(data, first)
    hour, minute, second = _number(data, first + 11, 2), _number(data, first + 14, 2), _number(data, first + 17, 2)
    if day == _NONE or not 0 <= hour <= 23 or not 0 <= minute <= 59 or not 0 <= second <= 59:
        return _NONE
    at, ms, weight = first + 19, 0, 100
    if data[at] == 46:
        at += 1
        start = at
        while at < last and 48 <= data[at] <= 57:
            ms += (data[at] - 48) * weight
            weight //= 10
            at += 1
        if at == start:
            return _NONE
    ahead = _offset_ms(data, at, last)
    if ahead == _NONE:
        return _NONE
    return day * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms - ahead


@loop
def _read(offsets: Any, data: Any, whole: Any, out: Any) -> None:
    for i in range(len(out)):
        if whole:
            out[i] = _moment(data, offsets[i], offsets[i + 1])
        else:
            out[i] = _day(data, offsets[i]) if offsets[i + 1] - offsets[i] == 10 else _NONE


def _numbers(column: pa.Array, *, whole: bool) -> Any:
    out = np.full(len(column), _NONE, np.int64)
    if column.null_count < len(column):
        offsets, data = utf8(column)
        _read(offsets, data, whole, out)
    return out


def _typed(values: Any, low: int, high: int, column: pa.Array, kind: pa.DataType) -> tuple[pa.Array, Any]:
    """Values as a column, absent where out of range or absent before; and which were there but out of range."""
    outside = (values < low) | (values > high)
    missing = absent(column)
    return integers(np.where(outside, 0, values), outside | missing).cast(kind), outside & ~missing


def timestamps(column: pa.Array) -> tuple[pa.Array, Any]:
    """Timestamps (ms, UTC) of a string column, and which rows are none (NumPy bool); nulls stay null and are not bad.

    RFC 3339 with ``T`` and offset, 1970 to 9999; digits beyond the millisecond are cut off, leap seconds refused.

    >>> times, bad = timestamps(pa.array(["2026-01-01T08:00:00.1239+08:00", "2026-01-01 08:00:00Z", "2026-02-29T00:00:00Z"]))
    >>> times[0].as_py().isoformat(), bad.tolist()
    ('2026-01-01T00:00:00.123000+00:00', [False, True, True])
    """
    return _typed(_numbers(column, whole=True), 0, MOST_MS, column, TIMESTAMP)


def from_timestamps(column: pa.Array) -> tuple[pa.Array, Any]:
    """As ``timestamps``, of a timestamp column of any unit: finer units are cut to the millisecond."""
    many, one = _MS_PER_UNIT[column.type.unit]
    values = column.cast(pa.int64()).fill_null(_ZERO).to_numpy(zero_copy_only=False)
    sound = (values >= 0) & (values <= (MOST_MS // many) * one + one - 1)
    return _typed(np.where(sound, values * many // one, _NONE), 0, MOST_MS, column, TIMESTAMP)


def dates(column: pa.Array) -> tuple[pa.Array, Any]:
    """Dates (date32) of a string column of ``YYYY-MM-DD``, 1900 to 9999, and which rows are none.

    >>> found, bad = dates(pa.array(["2024-02-29", "2023-02-29", None]))
    >>> found.to_pylist(), bad.tolist()
    ([datetime.date(2024, 2, 29), None, None], [False, True, False])
    """
    values, bad = _typed(_numbers(column, whole=False), FIRST_DAY, LAST_DAY, column, pa.int64())
    return values.cast(pa.int32()).cast(pa.date32()), bad


def from_dates(column: pa.Array) -> tuple[pa.Array, Any]:
    """As ``dates``, of a date column."""
    values = (
        column.cast(pa.date32(), safe=False).cast(pa.int32()).cast(pa.int64()).fill_null(_ZERO).to_numpy(zero_copy_only=False)
    )
    days, bad = _typed(values, FIRST_DAY, LAST_DAY, column, pa.int64())
    return days.cast(pa.int32()).cast(pa.date32()), bad
