"""Securities funding after collection: a bank account collects from many and sends a million to a securities account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct
from tests.detector.stories import paid_in, paid_out

NAME = "securities_funding_after_collection"


def to_firm(day: int, yuan: float, **fields: Any) -> Rows:
    return paid_out(day, [900], yuan, kind="securities_transfer", own_name=True, **fields)


def collected(payers: int = 15, yuan: float = 100_000, **fields: Any) -> Rows:
    return paid_in(0, range(payers), yuan, **fields)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(collected() + to_firm(2, 1_000_000), True, id="fifteen payers, a million"),
        pytest.param(collected(14) + to_firm(2, 1_000_000), False, id="fourteen"),
        pytest.param(collected() + to_firm(2, 999_999.99), False, id="a cent less"),
        pytest.param(collected() + to_firm(2, 500_000) + to_firm(9, 500_000), True, id="in two parts"),
        pytest.param(collected() + to_firm(31, 1_000_000), False, id="a month later"),
        pytest.param(collected() + paid_out(2, [900], 1_000_000), False, id="to somebody else"),
        pytest.param(paid_in(0, [1], 3_000_000, counterparty_kind="company") + to_firm(2, 1_000_000), False, id="a salary"),
        pytest.param(collected(15, 210_000) + to_firm(2, 1_000_000), False, id="less than a third of what came"),
        pytest.param(collected(counterparty_kind="company") + to_firm(2, 1_000_000), False, id="firms pay for goods"),
    ],
)
def test_what_many_paid_in_goes_to_the_stock_market(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_it_says_payers_and_sums() -> None:
    finding = conduct(NAME, collected() + to_firm(2, 1_200_000)).finding
    assert finding is not None
    for number in ("15", "1,500,000", "1,200,000", "1,000,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == ["out-2-900"]


FIRES = collected() + to_firm(2, 1_000_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"holder_kind": "person"}
"""What the bank knows of the account in that story."""
