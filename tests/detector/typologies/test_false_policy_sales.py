"""False policy sales: premiums to a person's own account, and returns on them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import hear, paid_in, paid_out

NAME = "false_policy_sales"
Rows = list[dict[str, Any]]


def sold(payers: int = 15, word: str = "保费", **fields: Any) -> Rows:
    return paid_in(0, range(payers), 20_000, remark=word, **fields)


BACK = paid_out(20, range(3), 300, remark="收益")


@pytest.mark.parametrize(
    ("rows", "holder", "fires"),
    [
        pytest.param(sold() + BACK, "person", True, id="fifteen premiums, three paid back"),
        pytest.param(sold(14) + BACK, "person", False, id="fourteen"),
        pytest.param(sold() + BACK[:2], "person", False, id="two paid back"),
        pytest.param(sold(word="保单款") + BACK, "person", True, id="for policies"),
        pytest.param(sold(word="货款") + BACK, "person", False, id="for goods"),
        pytest.param(sold() + BACK, "company", False, id="a firm's account"),
        pytest.param(
            sold() + paid_out(1, [900], 300_000, counterparty_kind="financial"), "person", False, id="handed on to the insurer"
        ),
        pytest.param(sold(counterparty_kind="financial") + BACK, "person", False, id="paid by institutions"),
    ],
)
def test_premiums_reach_a_person_who_pays_returns(rows: Rows, holder: str, fires: bool) -> None:
    assert hear(NAME, rows, holder_kind=holder).fired == fires


def test_an_insurers_licence_ends_it() -> None:
    assert not hear(NAME, sold() + BACK, holder_kind="person", holder_licence="insurer").fired


def test_where_the_holders_kind_is_unknown_it_cannot_be_judged() -> None:
    said = hear(NAME, sold() + BACK)
    assert (said.fired, said.not_evaluable) == (False, True)


def test_it_says_payers_and_returns() -> None:
    finding = hear(NAME, sold(16) + BACK, holder_kind="person").finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (16, 15, "text")
    for number in ("16", "15", "3", "320,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert set(finding.evidence) <= {f"in-0-{p}" for p in range(16)}
    assert finding.evidence


FIRES = sold() + BACK
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"holder_kind": "person"}
"""What the bank knows of the account in that story."""
