"""Working days against the vectors of regulation §1.3, the stand-in beyond the calendar, and override files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
import structlog.testing
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import ConfigurationError
from contract.shanghai import date_of, day_number
from contract.working_days import FIRST_DAY, WorkingDays, read_overrides
from tests.detector.shards import feed, large, movement, new_shard

DAYS = WorkingDays()


def number(text: str) -> int:
    return day_number(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("day", "due", "tenth", "window"),
    [
        ("2020-05-20", "2020-05-27", "2020-06-03", "2020-05-08"),
        ("2025-09-30", "2025-10-14", "2025-10-21", "2025-09-18"),
        ("2025-12-31", "2026-01-08", "2026-01-15", "2025-12-18"),
        ("2026-02-13", "2026-02-27", "2026-03-05", "2026-02-02"),
        ("2026-04-30", "2026-05-11", "2026-05-18", "2026-04-17"),
        ("2026-09-30", "2026-10-13", "2026-10-20", "2026-09-17"),
    ],
)
def test_due_dates_and_windows_are_those_of_the_regulation(day: str, due: str, tenth: str, window: str) -> None:
    assert date_of(DAYS.after(number(day), 5)).isoformat() == due
    assert date_of(DAYS.after(number(day), 10)).isoformat() == tenth
    assert date_of(DAYS.window_start(number(day))).isoformat() == window


@pytest.mark.parametrize("day", ["2025-09-28", "2025-10-11", "2026-02-14", "2026-02-28", "2026-05-09"])
def test_shifted_weekends_are_working_days(day: str) -> None:
    assert DAYS.works(number(day))


def test_a_holiday_in_the_week_is_none() -> None:
    assert not DAYS.works(number("2025-10-08"))


def test_a_window_that_ends_on_a_day_off_has_ten_working_days_before_it() -> None:
    holiday = number("2025-10-04")
    start = DAYS.window_start(holiday)
    assert sum(DAYS.works(day) for day in range(start, holiday + 1)) == 10
    assert start == DAYS.window_start(number("2025-09-30"))


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_every_known_day_is_what_the_calendar_says(day: date) -> None:
    assert DAYS.works(day_number(day)) == chinese_calendar.is_workday(day)
    assert DAYS.is_known(day_number(day))


@given(st.dates(date(1980, 1, 1), date(2110, 1, 1)), st.integers(1, 12))
def test_the_day_found_is_a_working_day_with_the_others_between(day: date, count: int) -> None:
    start = day_number(day)
    found = DAYS.after(start, count)
    assert DAYS.works(found)
    assert sum(DAYS.works(between) for between in range(start + 1, found + 1)) == count


@given(st.integers(0, 18_000))
def test_the_table_for_kernels_says_what_the_function_says(offset: int) -> None:
    assert DAYS.window_starts()[offset] == DAYS.window_start(FIRST_DAY + offset)


def test_beyond_the_calendar_weekdays_stand_in_with_one_warning_and_a_count() -> None:
    days = WorkingDays()
    known_to = date(max(chinese_calendar.holidays).year, 12, 31)
    assert days.after(day_number(known_to - timedelta(days=60)), 5)
    assert days.fallbacks == 0
    late = day_number(known_to) + 30
    assert [days.works(late + k) for k in range(7)] == [date_of(late + k).weekday() < 5 for k in range(7)]
    with structlog.testing.capture_logs() as told:
        for _ in range(3):
            days.after(late, 5)
    assert days.fallbacks == 3
    assert [line["event"] for line in told] == ["calendar_fallback"]


@pytest.mark.parametrize("day", ["1950-03-01", "1999-12-31", "2050-01-03", "2150-06-01", "9999-12-31"])
def test_a_movement_of_any_year_is_judged(day: str) -> None:
    [flag] = large(feed(new_shard(), [movement("e1", f"{day}T10:00", 60_000, kind="cash")]))
    assert flag.due_on is not None
    assert flag.due_on >= day


def test_an_override_file_wins(tmp_path: Path) -> None:
    path = tmp_path / "days.toml"
    path.write_text("working = [2027-02-13]\nholidays = [2027-02-15, 2027-02-16]\n")
    days = WorkingDays(read_overrides(path))
    assert date_of(days.after(number("2027-02-12"), 2)).isoformat() == "2027-02-17"
    assert days.fallbacks == 1  # the day found lies behind the last one named
    assert days.is_known(number("2027-02-16"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("working = 3", "list of dates", id="no-list"),
        pytest.param('holidays = ["2027-01-01"]', "list of dates", id="text-for-dates"),
        pytest.param("holidays = [2027-01-01T00:00:00]", "list of dates", id="times-for-dates"),
        pytest.param("days = []", "no list 'days'", id="unknown-list"),
        pytest.param("working = [1850-01-01]", "outside 1990", id="too-early"),
        pytest.param("working = [2027-01-01]\nholidays = [2027-01-01]", "named twice", id="both"),
        pytest.param("working = [", "TOML", id="no-toml"),
    ],
)
def test_a_bad_override_file_is_refused_in_one_line(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "days.toml"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=reason) as raised:
        read_overrides(path)
    assert "\n" not in str(raised.value)


def test_a_missing_override_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"days\.toml"):
        read_overrides(tmp_path / "days.toml")
