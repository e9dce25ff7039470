"""Probe, then ramp: small tests on a new account, and then sums that are typically a hundred times as large."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.detector.stories import MONDAY, Heard, hear, paid_in, paid_out

NAME = "probe_then_ramp"
Rows = list[dict[str, Any]]


def heard(rows: Rows, opened: date | None = MONDAY) -> Heard:
    return hear(NAME, rows, opened_on=opened)


def tried(count: int = 2, yuan: float = 100, day: int = 1) -> Rows:
    """Small payments out."""
    return paid_out(day, range(90, 90 + count), yuan)


def ramped(payers: int = 20, yuan: float = 10_000, day: int = 4) -> Rows:
    """The same sum from each payer on a day."""
    return paid_in(day, range(payers), yuan)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(tried() + ramped(), True, id="two tests of a hundred yuan, then a hundred times as much"),
        pytest.param(paid_in(1, [90, 91], 10) + ramped(), True, id="the tests come in"),
        pytest.param(tried(1) + ramped(), False, id="one test"),
        pytest.param(paid_in(1, [90, 91], 50_000, currency="USD") + ramped(), False, id="dollars of unknown worth are no tests"),
        pytest.param(tried(1) + tried(1, 100.01, day=2) + ramped(), False, id="the other is a cent too large"),
        pytest.param(tried() + ramped(21, 9_999), False, id="a little less than a hundred times"),
        pytest.param(tried(yuan=10) + ramped(20, 9_999), False, id="a little less than 200,000 yuan in all"),
        pytest.param(tried(yuan=10) + ramped(210, 1_000), True, id="a hundred times ten yuan"),
        pytest.param(tried(yuan=10.01) + ramped(210, 1_000), False, id="tests a cent larger"),
        pytest.param(
            tried() + ramped(10, 30_000) + paid_in(3, range(50, 60), 200), True, id="half of the payments are large, half not"
        ),
        pytest.param(
            tried() + ramped(10, 30_000) + paid_in(3, range(50, 61), 200),
            False,
            id="most payments are small, though not on average",
        ),
        pytest.param(tried(day=30) + ramped(day=34), True, id="tests on the thirtieth day"),
        pytest.param(tried(day=31) + ramped(day=34), False, id="tests on the day after"),
        pytest.param(tried() + ramped(day=8), True, id="the large sums a week after the tests"),
        pytest.param(tried() + ramped(day=9), False, id="the large sums a day later"),
        pytest.param(tried(day=30) + ramped(day=37), True, id="tests and sums as late as they may be"),
        pytest.param(tried(20) + ramped(), True, id="half of all movements are small"),
        pytest.param(tried(21) + ramped(), False, id="more than half of all movements are small"),
    ],
)
def test_small_tests_and_then_a_hundred_times_as_much(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [row for day in range(1, 12) for row in tried(1, 18.5, day)] + paid_in(9, [1], 900_000) + paid_out(10, [2], 900_000),
            id="coffee, and a flat sold and another bought",
        ),
        pytest.param(paid_in(5, [1], 60_000) + [row for day in range(1, 20) for row in tried(1, 30, day)], id="a first wage"),
        pytest.param(
            tried() + [row for day in range(1, 12) for row in paid_in(day, range(40), 640)],
            id="a new shop that tried its terminal",
        ),
    ],
)
def test_a_new_account_of_ordinary_life_has_no_ramp(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_tests_and_what_followed_and_shows_the_large_movements() -> None:
    finding = heard(tried(3, 10) + ramped(9, 40_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (4000.0, 100.0, "lifecycle", "W10")
    assert (finding.strength, finding.coverage) == (0.5444, 1.0)
    for number in ("3", "100", "4000", "360,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    # Movements are remembered from the day's first 50,000 yuan on, which is the second payment.
    assert finding.evidence == [f"in-4-{p}" for p in range(1, 9)]


def test_without_a_date_of_opening_it_cannot_be_judged() -> None:
    said = heard(tried() + ramped(), opened=None)
    assert (said.fired, said.not_evaluable) == (False, True)


FIRES = tried() + ramped()
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"opened_on": MONDAY}
"""What the bank knows of the account in that story."""
