"""Pass-through: days whose inflow has left by the evening, by balance where there is one, else by what was debited."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "pass_through"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def passed(*days: int, money: float = 50_000, kept: float = 0.05, balance: float | None = None, **fields: Any) -> Rows:
    """On each day one credit, and one debit of what is not kept; ``balance`` is the one after the debit."""
    after = {} if balance is None else {"balance_after_minor": round(balance * 100)}
    return [
        row
        for day in days
        for row in paid_in(day, [1], money, **fields) + paid_out(day, [2], round(money * (1 - kept), 2), **fields, **after)
    ]


# A day with a large inflow that stays, so that the account is looked at whatever the other days are.
LOOKED_AT = paid_in(0, [9], 60_000)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(passed(1, 2, 3), True, id="three days in a row"),
        pytest.param(passed(0, 4, 11), True, id="three days among the last ten working days"),
        pytest.param(passed(0, 4, 14), False, id="the first of three days lies eleven working days back"),
        pytest.param(passed(1, 2), False, id="two days"),
        pytest.param(LOOKED_AT + passed(1, 2, 3, money=49_999.99), False, id="a cent less comes in"),
        pytest.param(passed(1, 2) + passed(3, kept=0.0501), False, id="a little more stays on the third day"),
        pytest.param(passed(1, 2, 3, counterparty_kind="company"), True, id="between companies too"),
        pytest.param(passed(1, 2, 3, own_name=True) + LOOKED_AT, False, id="between accounts of one holder"),
        pytest.param(passed(1, 2, 3, counterparty_id=None), True, id="with whomsoever"),
    ],
)
def test_three_days_on_which_what_came_in_left_again(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def opened(balance: float) -> Rows:
    """A first day that leaves a known balance."""
    return paid_in(0, [8], 60_000, balance_after_minor=round(balance * 100))


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(opened(0) + passed(1, 2, 3, balance=2_500), True, id="five hundredths of nothing and the inflow stay"),
        pytest.param(opened(60_000) + passed(1, 2, 3, balance=60_000), False, id="the old balance stays"),
        pytest.param(opened(0) + passed(1, 2, 3, kept=0.5, balance=100), True, id="the balance is empty whatever was booked"),
        pytest.param(opened(0) + passed(1, 2, balance=2_500) + passed(3, balance=2_800), False, id="a little more stays"),
    ],
)
def test_where_the_balance_is_known_it_decides(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            paid_in(0, [1], 60_000) + [r for d in range(20) for r in paid_out(d, [2, 3], 900)], id="a wage that is lived on"
        ),
        pytest.param(
            [r for d in range(12) for r in paid_in(d, [1], 60_000, counterparty_kind="payment") + paid_out(d, [2, 3], 20_000)],
            id="a shop that keeps a third of its takings",
        ),
        pytest.param(paid_in(0, [1], 900_000) + paid_out(1, [2], 900_000), id="a flat sold and another bought"),
    ],
)
def test_ordinary_life_keeps_something(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_days_and_money_and_shows_movements_of_both_sides() -> None:
    rows = passed(1, 2, 3, 4, kept=0.01)
    finding = heard(rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (4.0, 3.0, "structure", "W10")
    assert (finding.strength, finding.coverage) == (0.8, 1.0)
    for number in ("4", "3", "5.0%", "200,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert sorted(finding.evidence) == sorted(row["event_id"] for row in rows)


FIRES = passed(1, 2, 3)
"""A story on which the typology fires, told again as wire JSON."""
