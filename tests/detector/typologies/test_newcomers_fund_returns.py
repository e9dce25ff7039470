"""Newcomers fund returns: new persons come while earlier ones are paid again; what trade pays is no such thing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "newcomers_fund_returns"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def joined(payers: int = 18, *, days: int = 9, yuan: float = 600, **fields: Any) -> Rows:
    """Two new persons a day with small sums."""
    return [row for p in range(payers) for row in paid_in(p * days // payers, [p], yuan, **fields)]


def paid(payees: range, *days: int, yuan: float = 40) -> Rows:
    return [row for day in days for row in paid_out(day, payees, yuan)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(joined() + paid(range(3), 7, 9), True, id="three of eighteen are paid twice"),
        pytest.param(joined() + paid(range(2), 7, 9), False, id="two are"),
        pytest.param(joined() + paid(range(6), 9), False, id="six are paid once"),
        pytest.param(joined(15) + paid(range(3), 7, 9), True, id="fifteen join"),
        pytest.param(joined(14) + paid(range(3), 7, 9), False, id="fourteen join"),
        pytest.param(joined(days=6) + paid(range(4), 7, 9), True, id="on six days"),
        pytest.param(joined(days=5) + paid(range(4), 7, 9), False, id="on five days"),
        pytest.param(joined() + paid(range(3), 7, 9) + paid(range(50, 53), 9), True, id="half of those paid had paid in"),
        pytest.param(joined() + paid(range(3), 7, 9) + paid(range(50, 54), 9), False, id="fewer than half"),
        pytest.param(joined(yuan=60_000, counterparty_kind="company") + paid(range(3), 7, 9), False, id="firms"),
        pytest.param(
            joined() + paid(range(8), 7, 9) + paid_in(1, [99], 3_000, counterparty_kind="company"),
            False,
            id="firms bring more than a fifth",
        ),
        pytest.param(
            joined() + paid(range(8), 7, 9) + paid_in(1, [99], 2_000, counterparty_kind="company"),
            True,
            id="firms bring less than a fifth",
        ),
        pytest.param(
            joined() + paid(range(8), 7, 9) + paid_in(1, [99], 3_000, counterparty_kind="payment"),
            True,
            id="an acquirer settles as much, and says nothing of who paid",
        ),
        pytest.param(
            joined() + paid(range(3), 7, 9) + paid_in(1, [99], 4_000), False, id="one who gets none back brings most of it"
        ),
        pytest.param(joined() + paid(range(3), 7, 9, yuan=2_000), False, id="who sells is paid many times what he paid"),
    ],
)
def test_fifteen_join_while_three_are_paid_again(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_it_says_newcomers_and_who_was_paid_again() -> None:
    finding = heard(joined() + paid(range(4), 7, 9)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (18, 15, "structure")
    for number in ("18", "15", "9", "4", "320"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} for row in joined(24, yuan=60_000)]
    assert (heard(nobody).fired, heard(nobody).not_evaluable) == (False, True)


FIRES = joined() + paid(range(5), 7, 9)
"""A story on which the typology fires, told again as wire JSON."""
