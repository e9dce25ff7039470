"""Payout to others without trading: large sums of a securities account to somebody else, and hardly anything traded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.detector.business_stories import STRANGER, Rows, conduct, gone, into, traded

NAME = "third_party_payout_without_trading"


def sent(day: int, yuan: float, **fields: Any) -> Rows:
    return gone(day, yuan, STRANGER, **{"own_name": False, **fields})


FUNDED = into(0, 300_000) + into(1, 200_000)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(FUNDED + sent(3, 400_000), True, id="four fifths of the line"),
        pytest.param(FUNDED + sent(3, 399_999.99), False, id="a cent less"),
        pytest.param(FUNDED + sent(3, 200_000) + sent(20, 200_000), True, id="in two parts"),
        pytest.param(FUNDED + traded(2, 50_000) + sent(3, 400_000), True, id="a tenth of the money traded"),
        pytest.param(FUNDED + traded(2, 50_001) + sent(3, 400_000), False, id="more than a tenth"),
        pytest.param(FUNDED + gone(3, 450_000), False, id="a subscription that failed goes back to the own bank"),
        pytest.param(FUNDED + sent(3, 450_000, own_name=None), True, id="not marked as own where others are"),
        pytest.param(FUNDED + gone(3, 450_000, own_name=None), False, id="not marked, but it had paid in"),
    ],
)
def test_large_sums_to_somebody_else_with_hardly_a_trade(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_where_nobody_compares_names_and_nobody_is_named_nobody_is_a_stranger() -> None:
    rows = [row | {"own_name": None} for row in FUNDED] + sent(3, 450_000, own_name=None)
    assert not conduct(NAME, rows).fired


def test_holders_who_are_named_tell_a_stranger() -> None:
    named = {"customer_id": "c:1", "own_name": None}
    rows = [row | named | {"counterparty_customer_id": "c:1"} for row in FUNDED]
    assert conduct(NAME, rows + sent(3, 450_000, **named, counterparty_customer_id="c:2")).fired
    assert not conduct(NAME, rows + sent(3, 450_000, **named, counterparty_customer_id="c:1")).fired


def test_a_firms_line_is_that_of_firms() -> None:
    rows = into(0, 2_000_000) + sent(3, 1_599_999)
    assert not conduct(NAME, rows, holder_kind="company").fired
    assert conduct(NAME, into(0, 2_000_000) + sent(3, 1_600_000), holder_kind="company").fired


def test_a_reversed_payout_is_none() -> None:
    [out] = sent(3, 450_000)
    [back] = into(3, 450_000, STRANGER, reversal_of=out["event_id"], own_name=False)
    back["occurred_at"] += 60_000
    before = [*FUNDED, *into(2, 1)]
    assert not conduct(NAME, [*before, out, back]).fired
    assert conduct(NAME, [*before, out, back | {"account_id": "a:2"}]).fired


def test_it_says_sums_and_shows_the_payouts() -> None:
    out = sent(3, 450_000)
    said = conduct(NAME, FUNDED + traded(2, 20_000) + out, opened_on=date(2020, 1, 1))
    assert said.finding is not None
    assert (said.finding.value, said.finding.threshold) == (450_000.0, 400_000.0)
    assert said.finding.strength >= 0.8
    assert said.finding.evidence == [out[0]["event_id"]]
    for number in ("450,000", "400,000", "500,000", "20,000", "4.0%"):
        assert number in said.finding.zh, number
        assert number in said.finding.en, number


FIRES = FUNDED + sent(3, 400_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "holder_kind": "person"}
"""What the firm knows of the account in that story."""
