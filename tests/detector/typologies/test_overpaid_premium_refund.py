"""Overpaid premium, refunded: the surplus of a premium is asked back at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, paid, premium

NAME = "overpaid_premium_refund"


def over(day: int, yuan: float, due: str = "20000.00", **fields: Any) -> Rows:
    return premium(day, yuan, **{"premium_due": due, **fields})


def back(day: int, yuan: float, **fields: Any) -> Rows:
    return paid(day, yuan, "other", **{"batch_code": "refund", **fields})


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(over(0, 40_000) + back(3, 20_000), True, id="twice the premium, half of it back"),
        pytest.param(over(0, 30_000) + back(3, 10_000), True, id="half as much again, a third back"),
        pytest.param(over(0, 29_999) + back(3, 10_000), False, id="a yuan less paid"),
        pytest.param(over(0, 40_000) + back(3, 11_999), False, id="less than three tenths back"),
        pytest.param(over(0, 40_000) + back(3, 20_000, policy="p2"), False, id="back on another policy"),
        pytest.param(over(0, 40_000) + back(3, 20_000, policy=None), True, id="back on no policy that is named"),
        pytest.param(over(0, 40_000), False, id="a year paid ahead"),
        pytest.param(over(0, 20_100) + back(3, 12_000), False, id="rounding"),
        pytest.param(over(0, 40_000) + paid(3, 20_000), False, id="a surrender"),
        pytest.param(over(0, 2_000, "1000.00") + back(3, 1_000), False, id="a household's slip"),
    ],
)
def test_more_is_paid_than_due_and_comes_back(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_without_the_premium_due_it_cannot_be_judged() -> None:
    said = conduct(NAME, premium(0, 60_000, premium_due=None) + back(3, 30_000))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_it_says_what_was_due_paid_and_returned() -> None:
    rows = over(0, 100_000) + back(3, 80_000)
    finding = conduct(NAME, rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (0.8, 0.3)
    assert finding.strength >= 0.8
    for number in ("20,000", "100,000", "80,000", "80.0%", "30.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert set(finding.evidence) == {row["event_id"] for row in rows}


FIRES = over(0, 40_000) + back(3, 20_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
