"""Sudden activity: a new account, one that slept for half a year, or inflow far above the account's own past."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.detector.shards import movement
from tests.detector.stories import MONDAY, Heard, hear, on, paid_in, paid_out

NAME = "sudden_activity"
Rows = list[dict[str, Any]]


def heard(rows: Rows, opened: date | None = None) -> Heard:
    return hear(NAME, rows, opened_on=opened) if opened else hear(NAME, rows)


def moved(day: int, yuan: float) -> Rows:
    """A sum comes in at once."""
    return paid_in(day, [1], yuan)


@pytest.mark.parametrize(
    ("rows", "opened", "fires"),
    [
        pytest.param(moved(15, 1_000_000), MONDAY, True, id="a million on the fifteenth day"),
        pytest.param(moved(16, 1_000_000), MONDAY, False, id="a million on the sixteenth"),
        pytest.param(moved(15, 999_999.99), MONDAY, False, id="a cent less"),
        pytest.param(moved(3, 500_000) + paid_out(9, [2], 500_000), MONDAY, True, id="half of it comes and half goes"),
        pytest.param(moved(3, 1_000_000), MONDAY - timedelta(days=13), False, id="opened two weeks and two days before"),
        pytest.param(moved(3, 1_000_000), None, False, id="of unknown age"),
        pytest.param(paid_in(3, [1], 1_000_000, own_name=True) + moved(4, 60_000), MONDAY, False, id="the holder's own money"),
    ],
)
def test_a_young_account_moves_a_million(rows: Rows, opened: date | None, fires: bool) -> None:
    assert heard(rows, opened).fired == fires


def slept(days: int, yuan: float) -> Rows:
    """One small movement, then none for ``days``, then a large one."""
    return moved(0, 100) + moved(days, yuan)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(slept(180, 100_000), True, id="asleep for half a year"),
        pytest.param(slept(179, 100_000), False, id="a day less"),
        pytest.param(slept(180, 99_999.99), False, id="a cent less"),
        pytest.param(slept(400, 100_000), True, id="asleep for more than a year"),
        pytest.param(slept(200, 100_000) + paid_in(90, [99], 12, kind="interest"), True, id="its bank's interest wakes nobody"),
        pytest.param(slept(180, 60_000) + paid_out(189, [3], 40_000), True, id="the rest follows nine days later"),
        pytest.param(slept(180, 60_000) + paid_out(190, [3], 40_000), False, id="the rest follows ten days later"),
        pytest.param(
            [row for day in range(0, 180, 29) for row in moved(day, 100)] + moved(190, 100_000), False, id="it moved every month"
        ),
    ],
)
def test_an_account_wakes_and_moves_much(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


EARLY = [movement("early", f"{on(0)}T00:30", 5_000)]


def usual(yuan: float, *days: int) -> Rows:
    return [row for day in days for row in moved(day, yuan)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(
            EARLY + usual(5_000, 20, 40) + moved(69, 400_000), False, id="the past began in the night of that first day"
        ),
        pytest.param(usual(70_000, 0, 20, 40, 60) + moved(80, 400_000), True, id="ten times the mean of ten days"),
        pytest.param(usual(70_001, 0, 20, 40, 60) + moved(80, 400_000), False, id="a little less than that"),
        pytest.param(usual(5_000, 0, 20, 40, 60) + moved(80, 399_999.99), False, id="a cent below 400,000"),
        pytest.param(usual(5_000, 0, 20, 40) + moved(69, 400_000), False, id="a past of less than sixty days"),
        pytest.param(usual(5_000, 0, 20, 40) + moved(69, 50_000) + moved(70, 350_000), True, id="a past of sixty days"),
        pytest.param(
            usual(2_000_000, 0) + usual(1_000, *range(20, 300, 20)) + moved(300, 400_000),
            True,
            id="much came in half a year before",
        ),
        pytest.param(
            usual(1_000, *range(0, 400, 20)) + usual(100_000, *range(400, 580, 20)) + moved(590, 400_000),
            False,
            id="it was little for a year, and has been more for half a year",
        ),
    ],
)
def test_inflow_far_above_the_accounts_own_past(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row for day in range(0, 300, 30) for row in moved(day, 60_000)], id="a good wage"),
        pytest.param(usual(60_000, *range(0, 90, 7)) + moved(90, 500_000), id="a shop with one large customer"),
        pytest.param(slept(200, 60_000), id="a forgotten book with some savings"),
    ],
)
def test_ordinary_accounts_move_as_they_did(rows: Rows) -> None:
    assert not heard(rows, MONDAY - timedelta(days=400)).fired


@pytest.mark.parametrize(
    ("rows", "opened", "value", "strength", "zh", "en"),
    [
        pytest.param(
            moved(9, 3_000_000),
            MONDAY,
            3.0,
            0.75,
            ("开户9日", "3,000,000", "3.0"),
            ("opened 9 days", "3,000,000", "3.0"),
            id="new",
        ),
        pytest.param(
            moved(0, 1_300_000) + paid_out(200, [2], 1_300_000),
            None,
            13.0,
            0.75,
            ("此前200日无交易", "1,300,000", "13.0"),
            ("no movement for 200 days", "1,300,000", "13.0"),
            id="awake",
        ),
        pytest.param(
            usual(35_000, 0, 20, 60) + moved(90, 1_050_000),
            None,
            8.0,
            1.0,
            ("过往水平", "1,050,000", "8.0"),
            ("own past", "1,050,000", "8.0"),
            id="grown, after some sleep that is too short to speak of",
        ),
    ],
)
def test_it_says_why_and_the_turnover(
    rows: Rows, opened: date | None, value: float, strength: float, zh: tuple[str, ...], en: tuple[str, ...]
) -> None:
    finding = heard(rows, opened).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (value, 1.0, "lifecycle", "W10")
    assert (finding.strength, finding.coverage) == (strength, 1.0)
    assert all(part in finding.zh for part in zh), finding.zh
    assert all(part in finding.en for part in en), finding.en
    assert finding.evidence[-1] == rows[-1]["event_id"]


def test_without_a_date_of_opening_the_other_ways_are_still_looked_at() -> None:
    assert not heard(slept(180, 60_000)).not_evaluable


FIRES = slept(180, 100_000)
"""A story on which the typology fires, told again as wire JSON."""
