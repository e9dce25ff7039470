"""Times and dates of whole columns: the calendar's own, and nothing that only looks like one."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.shanghai import day_number, day_of, day_start_ms, parse_ms, text_ms
from contract.times import MOST_MS, dates, timestamps

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def read(text: str) -> int | None:
    times, bad = timestamps(pa.array([text]))
    value: int | None = times.cast(pa.int64())[0].as_py()
    assert bad.tolist() == [value is None]
    return value


GOOD = {
    "utc": ("1970-01-01T00:00:00Z", 0),
    "east": ("2026-03-01T00:00:00+08:00", 1_772_294_400_000),
    "west-of-zero-minutes": ("1970-01-01T00:00:00-00:30", 1_800_000),
    "small-letters": ("1970-01-01t00:00:01z", 1_000),
    "one-digit": ("1970-01-01T00:00:00.5Z", 500),
    "three-digits": ("1970-01-01T00:00:00.123Z", 123),
    "digits-beyond-the-millisecond-are-cut": ("1970-01-01T00:00:00.9999999999999Z", 999),
    "leap-day": ("2024-02-29T23:59:59Z", 1_709_251_199_000),
    "leap-day-of-a-fourth-century": ("2000-02-29T00:00:00Z", 951_782_400_000),
    "last-moment": ("9999-12-31T23:59:59.999Z", MOST_MS),
}
BAD = {
    "no-zone": "2026-03-01T09:30:00",
    "space-for-t": "2026-03-01 09:30:00Z",
    "date-alone": "2026-03-01",
    "basic-form": "20260301T093000Z",
    "no-leap-day": "2026-02-29T00:00:00Z",
    "no-leap-day-in-a-century": "2100-02-29T00:00:00Z",
    "31-april": "2026-04-31T00:00:00Z",
    "month-13": "2026-13-01T00:00:00Z",
    "month-0": "2026-00-01T00:00:00Z",
    "day-0": "2026-03-00T00:00:00Z",
    "hour-24": "2026-03-01T24:00:00Z",
    "minute-60": "2026-03-01T00:60:00Z",
    "leap-second": "2016-12-31T23:59:60Z",
    "point-without-digits": "2026-03-01T00:00:00.Z",
    "comma": "2026-03-01T00:00:00,5Z",
    "zone-without-colon": "2026-03-01T00:00:00+0800",
    "zone-of-hours": "2026-03-01T00:00:00+08",
    "zone-of-25-hours": "2026-03-01T00:00:00+25:00",
    "zone-of-60-minutes": "2026-03-01T00:00:00+08:60",
    "zone-name": "2026-03-01T00:00:00 Asia/Shanghai",
    "text-after": "2026-03-01T00:00:00Zx",
    "line-break-after": "2026-03-01T00:00:00Z\n",
    "full-width": "２026-03-01T00:00:00Z",
    "before-1970": "1969-12-31T23:59:59Z",
    "year-0": "0000-01-01T00:00:00Z",
    "year-10000-in-utc": "9999-12-31T23:59:59-08:00",
    "empty": "",
}


@pytest.mark.parametrize(("text", "ms"), GOOD.values(), ids=GOOD.keys())
def test_an_rfc_3339_time_is_read_to_the_millisecond(text: str, ms: int) -> None:
    assert read(text) == ms


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_anything_else_is_no_time(text: str) -> None:
    assert read(text) is None


def test_nulls_stay_null_and_are_not_bad() -> None:
    times, bad = timestamps(pa.array(["x", None, "1970-01-01T00:00:00Z"]))
    assert (times.is_null().to_pylist(), bad.tolist()) == ([True, True, False], [True, False, False])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(86_400_000_000, 1000 * MOST_MS - 86_400_000_000).map(lambda us: EPOCH + datetime.timedelta(microseconds=us)),
    st.integers(-23 * 60, 23 * 60),
)
def test_every_time_that_python_writes_is_read_as_python_means_it(moment: datetime.datetime, offset: int) -> None:
    local = moment.astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
    assert read(local.isoformat()) == (moment - EPOCH) // datetime.timedelta(milliseconds=1)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789-:TZ.+ ", max_size=30))
def test_what_is_accepted_is_a_time_to_python_too(text: str) -> None:
    found = read(text)
    if found is not None:
        assert found == parse_ms(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, MOST_MS))
def test_text_and_milliseconds_are_each_others_inverse(ms: int) -> None:
    assert parse_ms(text_ms(ms)) == ms == read(text_ms(ms))


def test_a_time_without_offset_is_refused_alone_as_well() -> None:
    with pytest.raises(ValueError, match="offset"):
        parse_ms("2026-03-01T00:00:00")


@settings(max_examples=60, deadline=None)
@given(st.dates(datetime.date(1900, 1, 1)))
def test_every_date_since_1900_is_read(day: datetime.date) -> None:
    found, bad = dates(pa.array([day.isoformat()]))
    assert (found.to_pylist(), bad.tolist()) == ([day], [False])


@pytest.mark.parametrize("text", ["2026-2-1", "2026-02-30", "1899-12-31", "20260201", "2026-02-01T00:00:00Z", "2026/02/01", ""])
def test_what_is_no_date_is_blanked(text: str) -> None:
    found, bad = dates(pa.array([text]))
    assert (found.to_pylist(), bad.tolist()) == ([None], [True])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-28T15:59:59.999Z", datetime.date(2026, 2, 28)),
        ("2026-02-28T16:00:00Z", datetime.date(2026, 3, 1)),
        ("2026-03-01T00:00:00+08:00", datetime.date(2026, 3, 1)),
    ],
    ids=["last-moment", "midnight-in-shanghai", "midnight-as-written-there"],
)
def test_a_day_is_shanghais(text: str, day: datetime.date) -> None:
    ms = parse_ms(text)
    assert day_of(ms) == day_number(day)
    assert day_start_ms(day_number(day)) <= ms < day_start_ms(day_number(day) + 1)
