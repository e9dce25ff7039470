"""Rapid trading, then closing: opened, millions traded, closed within a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, gone, into, traded
from tests.detector.stories import MONDAY

NAME = "rapid_trading_then_closing"


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def life(last: int, yuan: float = 1_600_000) -> Rows:
    return into(1, yuan / 2) + traded(2, yuan / 2) + traded(5, yuan / 2, "sell") + gone(last, yuan / 2)


@pytest.mark.parametrize(
    ("rows", "about", "fires"),
    [
        pytest.param(life(20), {"closed_on": day(20)}, True, id="closed after twenty days"),
        pytest.param(life(30), {"closed_on": day(30)}, True, id="after thirty"),
        pytest.param(life(31), {"closed_on": day(31)}, False, id="after thirty-one"),
        pytest.param(life(20), {}, False, id="not closed"),
        pytest.param(life(20, 1_599_999.98), {"closed_on": day(20)}, False, id="a little less"),
        pytest.param(life(20, 20_000), {"closed_on": day(20)}, False, id="a student's one subscription"),
        pytest.param(life(20), {"closed_on": day(20), "opened_on": day(-20)}, False, id="opened before"),
    ],
)
def test_an_account_is_opened_trades_much_and_is_closed(rows: Rows, about: dict[str, Any], fires: bool) -> None:
    assert conduct(NAME, rows, **{"opened_on": day(0), **about}).fired == fires


def test_word_of_the_closing_may_come_after_the_last_movement() -> None:
    rows = life(20) + into(45, 1, account_id="a:2")
    assert conduct(NAME, rows, opened_on=day(0), closed_on=day(25)).fired


def test_without_a_date_of_opening_it_cannot_be_judged() -> None:
    said = conduct(NAME, life(20), closed_on=day(20))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_it_says_life_and_turnover() -> None:
    finding = conduct(NAME, life(20), opened_on=day(0), closed_on=day(20)).finding
    assert finding is not None
    assert finding.strength >= 0.8
    for number in ("20", "30", "1,600,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert len(finding.evidence) == 2


FIRES = life(20)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "opened_on": day(0), "closed_on": day(20), "holder_kind": "person"}
"""What the firm knows of the account in that story."""
