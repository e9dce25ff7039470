"""Idle account, large flows: nothing traded for a year, and money in and out day after day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, gone, into, traded
from tests.detector.stories import MONDAY

NAME = "idle_account_large_flows"
OLD = MONDAY - timedelta(days=800)


def flows(first: int, days: int = 3, yuan: float = 170_000) -> Rows:
    """One sum in on each of some days in a row."""
    return [row for day in range(first, first + days) for row in into(day, yuan)]


def heard(rows: Rows, **about: Any) -> bool:
    return conduct(NAME, rows, **{"opened_on": OLD, **about}).fired


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(flows(0), True, id="three working days in a row, half a million"),
        pytest.param(flows(0, 2, 300_000), False, id="two days"),
        pytest.param(into(0, 200_000) + into(0, 200_000) + gone(0, 200_000), True, id="three on one day"),
        pytest.param(flows(0, 3, 166_666), False, id="a little less than the line"),
        pytest.param(flows(0) + traded(2, 1_000), False, id="something is traded"),
        pytest.param(traded(0, 1_000) + flows(30), False, id="something was traded a month ago"),
        pytest.param(flows(4, 1) + flows(7, 2), True, id="a weekend between"),
        pytest.param([row | {"product_code": "CASH1"} for row in flows(0)], False, id="swept into a product every night"),
    ],
)
def test_an_account_older_than_a_year_that_never_trades_moves_money_often(rows: Rows, fires: bool) -> None:
    assert heard(rows) == fires


def test_a_young_account_has_not_been_idle_for_a_year() -> None:
    assert not heard(flows(0), opened_on=MONDAY - timedelta(days=300))


def test_a_last_trade_of_a_year_ago_is_known_whatever_the_date_of_opening() -> None:
    assert heard(traded(0, 1_000) + flows(371), opened_on=None)
    assert not heard(traded(0, 1_000) + flows(350), opened_on=None)


def test_without_date_of_opening_and_a_trade_ever_seen_it_cannot_be_judged() -> None:
    said = conduct(NAME, flows(0))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_the_coverage_is_what_was_seen_of_the_year() -> None:
    finding = conduct(NAME, traded(0, 1, account_id="a:2") + flows(70), opened_on=OLD).finding
    assert finding is not None
    assert finding.coverage == round(72 / 365, 4)
    assert (finding.value, finding.threshold) == (510_000.0, 500_000.0)
    for number in ("72", "365", "510,000", "500,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert len(finding.evidence) == 3


FIRES = flows(0)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "opened_on": OLD, "holder_kind": "person"}
"""What the firm knows of the account in that story."""
