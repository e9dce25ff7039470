"""Policy loan cash-out: a new policy's value is lent back at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, paid, premium
from tests.detector.stories import on

NAME = "policy_loan_cash_out"
BOUGHT = premium(0, 200_000)


def lent(day: int, yuan: float, **fields: Any) -> Rows:
    return paid(day, yuan, "policy_loan", **{"cash_value": "200000.00", **fields})


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(BOUGHT + lent(20, 160_000), True, id="four fifths of its value"),
        pytest.param(BOUGHT + lent(20, 159_999), False, id="a yuan less"),
        pytest.param(BOUGHT + lent(30, 160_000), True, id="on the thirtieth day"),
        pytest.param(BOUGHT + lent(31, 160_000), False, id="on the thirty-first"),
        pytest.param(BOUGHT + lent(20, 160_000, policy_issued_on=on(-400)), False, id="an emergency, on an old policy"),
        pytest.param(premium(0, 40_000) + lent(9, 40_000, cash_value="40000.00"), False, id="a small one"),
        pytest.param(BOUGHT + lent(20, 160_000, cash_value=None), False, id="no cash value told"),
        pytest.param(BOUGHT + lent(20, 160_000, direction="credit"), False, id="paid back, not lent"),
    ],
)
def test_what_was_paid_in_is_lent_back_at_once(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_without_a_date_of_issue_it_cannot_be_judged() -> None:
    said = conduct(NAME, BOUGHT + lent(20, 160_000, policy_issued_on=None))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_it_says_loan_value_and_age() -> None:
    finding = conduct(NAME, BOUGHT + lent(20, 180_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (0.9, 0.8)
    assert finding.strength >= 0.8
    for number in ("180,000", "200,000", "20", "90.0%", "80.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number


FIRES = BOUGHT + lent(20, 180_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
