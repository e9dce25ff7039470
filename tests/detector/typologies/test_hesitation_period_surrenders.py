"""Hesitation-period surrenders: large policies given back within days of issue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, paid, premium
from tests.detector.stories import on

NAME = "hesitation_period_surrenders"


def given_back(policy: str, yuan: float, issued: int = 0, back: int = 10, **fields: Any) -> Rows:
    dates = {"policy_issued_on": on(issued), **fields}
    return premium(issued, yuan, policy, **dates) + paid(back, yuan, "surrender", policy, **dates)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(given_back("p1", 250_000) + given_back("p2", 250_000, back=11), True, id="two, half a million"),
        pytest.param(given_back("p1", 250_000) + given_back("p2", 249_999), False, id="a yuan less"),
        pytest.param(given_back("p1", 500_000, back=15), True, id="on the fifteenth day"),
        pytest.param(given_back("p1", 500_000, back=16), False, id="on the sixteenth"),
        pytest.param(given_back("p1", 500_000, issued=-500, back=10), False, id="an old policy"),
        pytest.param(given_back("p1", 30_000), False, id="one changed mind"),
    ],
)
def test_large_policies_are_given_back_at_once(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_one_surrender_is_weak_and_two_are_suspicious() -> None:
    one, two = conduct(NAME, given_back("p1", 600_000)), conduct(NAME, given_back("p1", 300_000) + given_back("p2", 300_000))
    assert one.finding is not None
    assert two.finding is not None
    assert one.finding.strength < 0.6
    assert two.finding.strength >= 0.8
    assert {flag.category for flag in one.flags} <= {"observe"}
    assert "suspicious" in {flag.category for flag in two.flags}


def test_a_firms_line_is_that_of_firms() -> None:
    rows = given_back("p1", 900_000) + given_back("p2", 900_000)
    assert conduct(NAME, rows).fired
    assert not conduct(NAME, rows, holder_kind="company").fired


def test_without_dates_of_issue_it_cannot_be_judged() -> None:
    said = conduct(NAME, given_back("p1", 600_000, policy_issued_on=None))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_it_says_surrenders_and_their_sum() -> None:
    rows = given_back("p1", 300_000) + given_back("p2", 300_000)
    finding = conduct(NAME, rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (600_000.0, 500_000.0)
    for number in ("2", "15", "600,000", "500,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert set(finding.evidence) == {row["event_id"] for row in rows if row["kind"] == "surrender"}


FIRES = given_back("p1", 300_000) + given_back("p2", 300_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
