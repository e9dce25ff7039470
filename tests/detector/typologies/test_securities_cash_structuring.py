"""Structured cash on a securities account: three deposits just below the line on a day, or on three working days in a row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, into

NAME = "securities_cash_structuring"


def cash(day: int, yuan: float, hour: int = 10, **fields: Any) -> Rows:
    [row] = into(day, yuan, kind="cash", channel="counter", own_name=None, counterparty_id=None, **fields)
    return [row | {"occurred_at": row["occurred_at"] + hour * 60_000}]


THREE_DAYS = cash(0, 45_000) + cash(1, 46_000) + cash(2, 49_999)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(THREE_DAYS, True, id="three days in a row"),
        pytest.param(cash(0, 45_000) + cash(1, 46_000) + cash(3, 47_000), False, id="a working day between"),
        pytest.param([r for h in range(3) for r in cash(0, 42_000, h)], True, id="three on a day"),
        pytest.param([r for h in range(2) for r in cash(0, 42_000, h)], False, id="two on a day"),
        pytest.param(cash(0, 51_000) + cash(1, 52_000) + cash(2, 53_000), False, id="above the line, which is reported"),
        pytest.param(into(0, 45_000) + into(1, 46_000) + into(2, 47_000), False, id="by bank, as clients of a firm pay"),
    ],
)
def test_cash_just_below_the_line_again_and_again(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_at_a_bank_it_is_structuring_and_not_this() -> None:
    rows = [row | {"institution_type": "bank"} for row in THREE_DAYS]
    assert not conduct(NAME, rows).fired
    assert conduct("structuring", rows).fired


def test_it_says_days_and_is_strong_enough_to_be_suspicious() -> None:
    finding = conduct(NAME, THREE_DAYS).finding
    assert finding is not None
    assert finding.strength >= 0.8
    assert "连续3日" in finding.zh
    assert "3 days in a row" in finding.en
    assert len(finding.evidence) == 3


FIRES = THREE_DAYS
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "holder_kind": "person"}
"""What the firm knows of the account in that story."""
