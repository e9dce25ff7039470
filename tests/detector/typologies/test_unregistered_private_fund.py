"""Unregistered private fund: small tickets for a "private fund" on an ordinary account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import hear, paid_in

NAME = "unregistered_private_fund"
Rows = list[dict[str, Any]]


def collected(said: int, payers: int = 12, yuan: float = 50_000, word: str = "私募基金认购") -> Rows:
    """Those who write of it come last, as ids are remembered from the eighth payer on."""
    return paid_in(0, range(payers - said), yuan) + paid_in(1, range(payers - said, payers), yuan, remark=word)


@pytest.mark.parametrize(
    ("rows", "about", "fires"),
    [
        pytest.param(collected(3), {}, True, id="three of twelve write of it"),
        pytest.param(collected(2), {}, False, id="two"),
        pytest.param(collected(3, 9), {}, False, id="nine payers"),
        pytest.param(collected(3, word="投资款"), {}, False, id="of investing alone"),
        pytest.param(collected(3), {"account_type": "fund_collection"}, False, id="a registered fund's collection account"),
        pytest.param(collected(3), {"holder_licence": "fund"}, False, id="a licensed manager"),
        pytest.param(collected(3, yuan=1_000_000), {}, False, id="qualified investors"),
        pytest.param(collected(3, 201, 1_000_000), {}, True, id="more of them than a private fund may have"),
    ],
)
def test_payers_write_of_a_private_fund_that_is_none(rows: Rows, about: dict[str, Any], fires: bool) -> None:
    assert hear(NAME, rows, **about).fired == fires


def test_it_says_investors_and_tickets() -> None:
    finding = hear(NAME, collected(4)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (4, 3, "text")
    for number in ("12", "4", "3", "50,000", "1,000,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert set(finding.evidence) == {f"in-1-{p}" for p in range(8, 12)}


FIRES = collected(6)
"""A story on which the typology fires, told again as wire JSON."""
