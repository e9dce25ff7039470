"""Early surrender to a third party: a young policy's money goes to somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import STRANGER, Rows, conduct, paid, premium
from tests.detector.stories import on

NAME = "early_surrender_to_third_party"
BOUGHT = premium(0, 100_000)


def to(payee: str, yuan: float = 50_000, day: int = 40, **fields: Any) -> Rows:
    return paid(day, yuan, **{"counterparty_id": payee, "payer_relation": "other", **fields})


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(BOUGHT + to(STRANGER), True, id="to a stranger"),
        pytest.param(BOUGHT + to(STRANGER, 49_999.99), False, id="a cent less"),
        pytest.param(BOUGHT + to(STRANGER, policy_issued_on=on(-325)), True, id="on the policy's 365th day"),
        pytest.param(BOUGHT + to(STRANGER, policy_issued_on=on(-326)), False, id="a day later"),
        pytest.param(BOUGHT + to("a:bank-1", payer_relation=None), False, id="to the account that paid"),
        pytest.param(BOUGHT + to("a:new-card", payer_relation="self"), False, id="to the holder's new card"),
        pytest.param(BOUGHT + to("a:new-card", payer_relation=None, own_name=True), False, id="to the holder's own by name"),
        pytest.param(BOUGHT + to(STRANGER, payer_relation=None, own_name=False), True, id="to another by name"),
        pytest.param(BOUGHT + to(STRANGER, payer_relation="spouse"), False, id="to the spouse"),
        pytest.param(BOUGHT + to(STRANGER, payer_relation=None), False, id="to whom is not said"),
        pytest.param(BOUGHT + to(STRANGER, kind="claim"), False, id="a claim"),
    ],
)
def test_somebody_else_is_paid_for_a_young_policy(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_it_is_stronger_in_the_days_of_hesitation_and_with_the_sum() -> None:
    late, young = (conduct(NAME, BOUGHT + to(STRANGER, 80_000, day)).finding for day in (40, 10))
    large = conduct(NAME, BOUGHT + to(STRANGER, 180_000)).finding
    assert late is not None
    assert young is not None
    assert large is not None
    assert late.strength < young.strength
    assert large.strength >= 0.8


def test_without_a_date_of_issue_it_cannot_be_judged() -> None:
    said = conduct(NAME, BOUGHT + to(STRANGER, policy_issued_on=None))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_it_says_sum_and_age() -> None:
    rows = to(STRANGER, 90_000)
    finding = conduct(NAME, BOUGHT + rows).finding
    assert finding is not None
    for number in ("90,000", "50,000", "40"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [rows[0]["event_id"]]


FIRES = BOUGHT + to(STRANGER, 120_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
