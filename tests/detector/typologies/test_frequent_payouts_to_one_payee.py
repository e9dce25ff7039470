"""Frequent payouts to one payee: claims just below a reporting line, day after day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, paid

NAME = "frequent_payouts_to_one_payee"


def claims(days: tuple[int, ...], yuan: float = 450_000, **fields: Any) -> Rows:
    return [row for day in days for row in paid(day, yuan, **{"kind": "claim", **fields})]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(claims((0, 1, 2)), True, id="three working days in a row"),
        pytest.param(claims((0, 1, 3)), False, id="a day between"),
        pytest.param(claims((3, 4, 7)), True, id="a weekend between"),
        pytest.param(claims((0, 0, 0), kind="surrender"), True, id="three surrenders on a day"),
        pytest.param(claims((0, 1, 2), 400_000), True, id="four fifths of the line"),
        pytest.param(claims((0, 1, 2), 399_999.99), False, id="a cent less"),
        pytest.param(claims((0, 1, 2), 500_000), False, id="the line itself, which is reported"),
        pytest.param(claims((0, 1, 2), 1_700_000), True, id="below the line of firms"),
        pytest.param([r for k, y in enumerate((8_000, 31_000, 450_000, 12_000)) for r in claims((k,), y)], False, id="a fleet"),
        pytest.param(claims((0, 1)) + claims((2,), counterparty_id="a:second"), False, id="two payees"),
        pytest.param(claims((0, 1, 2), kind="policy_loan"), False, id="loans"),
    ],
)
def test_one_payee_is_paid_just_below_a_line_again_and_again(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_it_says_days_and_money() -> None:
    rows = claims((0, 1, 2, 3))
    finding = conduct(NAME, rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (4, 3)
    assert finding.strength >= 0.8
    for number in ("4", "3", "1,800,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [row["event_id"] for row in rows]


FIRES = claims((0, 1, 2))
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "company"}
"""What the insurer knows of the account in that story."""
