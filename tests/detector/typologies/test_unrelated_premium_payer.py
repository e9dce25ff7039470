"""Unrelated premium payer: somebody of no known relation pays large premiums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import STRANGER, Rows, conduct, premium

NAME = "unrelated_premium_payer"


def by(relation: str | None, yuan: float = 50_000, day: int = 0, **fields: Any) -> Rows:
    return premium(day, yuan, counterparty_id=STRANGER, payer_relation=relation, **fields)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(by("other"), True, id="a stranger"),
        pytest.param(by("friend"), True, id="a friend"),
        pytest.param(by("other", 49_999.99), False, id="a cent less"),
        pytest.param(by("other", 25_000) + by("other", 25_000, 80), True, id="in two parts"),
        pytest.param(by("grandparent", 90_000), False, id="a grandparent pays the child's policy"),
        pytest.param(by("父母", 90_000), False, id="parents, in Chinese"),
        pytest.param(by("employer", 90_000), False, id="an employer"),
        pytest.param(by("agent", 90_000), False, id="an agent, whom another typology looks at"),
        pytest.param(by("other", 90_000, own_name=True), False, id="the holder by name"),
    ],
)
def test_somebody_without_relation_pays_large_premiums(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_where_the_relation_is_never_said_it_cannot_be_judged() -> None:
    said = conduct(NAME, by(None, 90_000))
    assert (said.fired, said.not_evaluable) == (False, True)


def test_the_coverage_is_the_share_of_premiums_whose_payer_is_said() -> None:
    finding = conduct(NAME, by("other", 180_000) + by(None, 90_000, 3)).finding
    assert finding is not None
    assert (finding.coverage, finding.value, finding.threshold) == (0.5, 180_000.0, 50_000.0)
    assert finding.strength >= 0.8
    for number in ("180,000", "50,000", "2"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert len(finding.evidence) == 1


FIRES = by("other", 120_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
