"""Concentrated in, dispersed out: few pay in and many are paid, by names or by the published counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "concentrated_in_dispersed_out"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def funded(payers: int = 3, yuan: float = 80_000, **fields: Any) -> Rows:
    return paid_in(0, range(payers), yuan, **fields)


def by_companies(count: int, yuan: float) -> Rows:
    return paid_in(0, range(50, 50 + count), yuan, counterparty_kind="company")


def spread(payees: int = 15, money: float = 200_000, day: int = 1, **fields: Any) -> Rows:
    """Small sums to many and one large one."""
    rows = paid_out(day, range(100, 100 + payees), 4_000, **fields)
    rows[-1]["amount_minor"] = round(100 * (money - 4_000 * (payees - 1)))
    return rows


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(funded() + spread(), True, id="three pay in, fifteen are paid"),
        pytest.param(funded() + spread(payees=14), False, id="fourteen are paid"),
        pytest.param(funded() + paid_in(0, [9], 10) + spread(), False, id="a fourth payer"),
        pytest.param(funded() + spread(money=199_999.99), False, id="a cent less goes out"),
        pytest.param(funded() + by_companies(2, 30_000) + spread(), True, id="the three give four fifths"),
        pytest.param(funded() + by_companies(2, 30_001) + spread(), False, id="a little less"),
        pytest.param(funded() + spread(counterparty_kind="company"), False, id="firms are paid"),
        pytest.param(funded() + spread(batch_code="payroll"), True, id="wages, which look the same and count only beside others"),
        pytest.param(
            funded() + paid_out(1, range(100, 108), 20_000) + paid_out(22, range(108, 115), 20_000), True, id="within thirty days"
        ),
        pytest.param(
            paid_in(0, range(8), 100) + paid_in(35, [1], 300_000) + spread(day=36), True, id="others paid in the month before"
        ),
        pytest.param(
            paid_in(10, range(8), 100) + paid_in(35, [1], 300_000) + spread(day=36),
            True,
            id="only the last ten working days show it",
        ),
    ],
)
def test_few_pay_in_and_many_are_paid(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def published(credits: int = 2, debits: int = 15, turnover: float = 2_000_000) -> Rows:
    """Firms alone: the published rule asks for no persons."""
    firms = {"counterparty_kind": "company"}
    into = paid_in(0, range(1, credits), 100_000, **firms)
    rest = turnover - 20_000 * debits - 100_000 * (credits - 1)
    return into + paid_in(0, [0], rest, **firms) + paid_out(1, range(100, 100 + debits), 20_000, **firms)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(published(), True, id="two credits and fifteen debits turn over two million"),
        pytest.param(published(turnover=1_999_999.99), False, id="a cent less"),
        pytest.param(published(credits=3), False, id="three credits"),
        pytest.param(published(debits=14), False, id="fourteen debits"),
    ],
)
def test_the_published_rule_counts_credits_and_debits_of_thirty_days(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [r for d in range(12) for r in paid_in(d, [1], 3_000) + paid_out(d, range(100, 118), 90)], id="a household's spending"
        ),
        pytest.param(
            paid_in(0, range(200), 3_000) + spread(payees=30, money=400_000), id="many customers pay and many suppliers are paid"
        ),
    ],
)
def test_ordinary_life_is_neither_concentrated_nor_large(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_payers_payees_and_money_and_shows_the_payouts() -> None:
    finding = heard(funded(payers=2, yuan=150_000) + spread(payees=18, money=240_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (18.0, 15.0, "structure", "W30")
    assert (finding.strength, finding.coverage) == (round(0.5 + 0.5 * 3 / 60, 4), 1.0)
    for number in ("2", "18", "15", "30", "240,000", "100.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [f"out-1-{p}" for p in range(100, 118)]


def test_it_speaks_of_the_window_that_shows_it() -> None:
    finding = heard(paid_in(10, range(8), 100) + paid_in(35, [1], 300_000) + spread(day=36)).finding
    assert finding is not None
    assert finding.value == 15.0
    assert "10个工作日内1名付款人、15名收款人" in finding.zh
    assert "1 payers and 15 payees within 10 working days" in finding.en


def test_by_the_published_rule_it_tells_debits_and_shows_what_is_remembered() -> None:
    finding = heard(published(debits=20)).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (20.0, 15.0)
    assert "20笔共400,000元" in finding.zh
    assert "20 debits of 400,000 yuan" in finding.en
    assert finding.evidence == [f"out-1-{p}" for p in range(100, 120)]


def test_where_payers_are_not_named_only_the_published_rule_can_be_judged() -> None:
    nobody = heard(funded(counterparty_id=None) + spread())
    assert (nobody.fired, nobody.not_evaluable) == (False, True)
    one_of_many = heard(paid_in(0, range(10, 14), 80_000, counterparty_id=None) + funded() + spread())
    assert (one_of_many.fired, one_of_many.not_evaluable) == (False, True)
    anyhow = heard([{**row, "counterparty_id": None} for row in published()])
    assert (anyhow.fired, anyhow.not_evaluable) == (True, False)


FIRES = funded() + spread()
"""A story on which the typology fires, told again as wire JSON."""
