"""Idle account, sudden trading: millions within days after a year, or after all that was seen, without a trade."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, into, traded
from tests.detector.stories import MONDAY

NAME = "idle_account_sudden_trading"
OLD = MONDAY - timedelta(days=800)
START = traded(0, 1, account_id="a:2")
"""Some other account's trade, from which the firm's stream begins."""


def burst(day: int, yuan: float = 1_600_000) -> Rows:
    """Bought on one day and sold on the next."""
    return into(day, yuan / 2) + traded(day, yuan / 2) + traded(day + 1, yuan / 2, "sell")


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(traded(0, 1_000) + burst(365), True, id="a year after the last trade"),
        pytest.param(traded(0, 1_000) + burst(364), False, id="a day less"),
        pytest.param(traded(0, 1_000) + burst(365, 1_599_999.98), False, id="a little less"),
        pytest.param(START + burst(31), True, id="nothing for a month of the stream, and old"),
        pytest.param(START + burst(29), False, id="less than a month seen"),
        pytest.param(START + traded(20, 1_000) + burst(60), False, id="it traded within the stream"),
    ],
)
def test_much_is_traded_after_a_long_silence(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows, opened_on=OLD).fired == fires


def test_a_young_account_has_not_been_idle_for_a_year() -> None:
    assert not conduct(NAME, START + burst(40), opened_on=MONDAY).fired


def strength(rows: Rows, **about: Any) -> float:
    finding = conduct(NAME, rows, **about).finding
    assert finding is not None
    return finding.strength


def test_it_is_suspicious_only_where_the_year_was_seen() -> None:
    assert strength(traded(0, 1_000) + burst(365)) >= 0.8
    assert strength(START + burst(60, 9_000_000), opened_on=OLD) < 0.6


def test_it_says_idleness_and_turnover() -> None:
    finding = conduct(NAME, START + burst(41), opened_on=OLD).finding
    assert finding is not None
    for number in ("41", "365", "1,600,000", "2"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert len(finding.evidence) == 2


FIRES = traded(0, 1_000) + burst(365)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "holder_kind": "person"}
"""What the firm knows of the account in that story."""
