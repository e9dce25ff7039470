"""Dispersed in, concentrated out: three ways in, each of its thresholds just missed, and who only looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "dispersed_in_concentrated_out"
FAR_APART = (0, 16, 32, 48, 64, 80)
"""Days of which no two lie within ten working days, Tomb-Sweeping and Labour Day holidays included."""
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def flowing(payers: int = 15, *, money: float = 200_000, out: float = 0.9, payees: int = 3, shops: int = 0) -> Rows:
    """Small sums from many and one large one on day 0; most of it leaves on day 1, to persons and to companies."""
    small = paid_in(0, range(1, payers), 4_000)
    rest = paid_in(0, [0], money - 4_000 * (payers - 1))
    left = money * out / (payees + shops)
    people = paid_out(1, range(100, 100 + payees), left)
    return small + rest + people + paid_out(1, range(200, 200 + shops), left, counterparty_kind="company")


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(flowing(), True, id="fifteen pay in and three take nine tenths of it"),
        pytest.param(flowing(out=0.8, payees=2), True, id="four fifths of it leave"),
        pytest.param(flowing(out=1.2, payees=2), True, id="a fifth more than came in leaves"),
        pytest.param(flowing(payers=14), False, id="fourteen payers are too few"),
        pytest.param(flowing(money=199_999.99), False, id="a cent less came in"),
        pytest.param(flowing(out=0.799, payees=2), False, id="less than four fifths leaves"),
        pytest.param(flowing(out=1.201, payees=2), False, id="more than six fifths leaves"),
        pytest.param(flowing(payees=4), False, id="four persons are paid"),
        pytest.param(flowing(payees=3, shops=1), False, id="the top three of four equal payees take three quarters"),
        pytest.param(flowing(payees=2, shops=1), True, id="a company among three payees"),
    ],
)
def test_flow_through_needs_many_payers_few_payees_and_as_much_out_as_in(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def published(credits: int = 15, debits: int = 2, turnover: float = 2_000_000) -> Rows:
    """A company's instalments, and little to do afterwards: the published rule asks for no persons."""
    each = round((turnover - 10_000 * debits) / credits, 2)
    into = [row for day in range(credits) for row in paid_in(day, [1], each, counterparty_kind="company")]
    into[0]["amount_minor"] += round(100 * (turnover - 10_000 * debits)) - sum(row["amount_minor"] for row in into)
    return into + paid_out(credits, range(debits), 10_000, counterparty_kind="company")


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(published(), True, id="fifteen credits and two debits turn over two million"),
        pytest.param(published(turnover=1_999_999.99), False, id="a cent less"),
        pytest.param(published(credits=14), False, id="fourteen credits"),
        pytest.param(published(debits=3), False, id="three debits"),
    ],
)
def test_the_published_rule_counts_credits_and_debits_of_thirty_days(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def collecting(payers: int = 15, yuan: float = 20_000, *, large: int | None = None, **fields: Any) -> Rows:
    """New payers within one day; all but ``large`` of them pay a cent less than the second mark."""
    large = payers if large is None else large
    small = paid_in(0, range(large, payers), 4_999.99, **fields)
    # In turns, the small ones first: at no moment are half of the credits typical unless they are at the day's end.
    return small + paid_in(0, range(large), yuan, **fields)


def apart(payers: int, yuan: float) -> Rows:
    """New payers in six lots of eight or nine."""
    return [row for k, day in enumerate(FAR_APART) for row in paid_in(day, range(k, payers, len(FAR_APART)), yuan)]


def steadily(payers: int, yuan: float = 10_000) -> Rows:
    """New payers spread over twenty-eight days."""
    return [row for p in range(payers) for row in paid_in(p * 28 // payers, [p], yuan)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(collecting(), True, id="fifteen new payers of twenty thousand each"),
        pytest.param(collecting(payers=14), False, id="fourteen new payers"),
        pytest.param(collecting(payers=40, yuan=5_000), True, id="forty payers of the least typical amount reach the line"),
        pytest.param(collecting(payers=39, yuan=5_000), False, id="thirty-nine do not"),
        pytest.param(collecting(payers=16, yuan=21_000, large=8), True, id="half of the credits are typical"),
        pytest.param(collecting(payers=17, yuan=21_000, large=8), False, id="fewer than half are"),
        pytest.param(collecting(counterparty_kind="company"), False, id="companies pay"),
        pytest.param(collecting(counterparty_kind="payment"), False, id="payment institutions settle"),
        pytest.param(collecting(counterparty_id=None, counterparty_region=None), False, id="nobody knows who pays"),
        pytest.param(
            collecting() + paid_in(0, [50], 75_000, counterparty_kind="company"), True, id="four fifths come from persons"
        ),
        pytest.param(
            collecting() + paid_in(0, [50], 75_000.05, counterparty_kind="company"), False, id="a little less comes from persons"
        ),
        pytest.param(
            apart(50, 20_000),
            True,
            id="fifty payers and a million within ninety days though never fifteen new ones at once",
        ),
        pytest.param(
            apart(49, 20_410),
            False,
            id="forty-nine payers within ninety days",
        ),
        pytest.param(
            apart(50, 19_999),
            False,
            id="fifty payers and a little less than a million",
        ),
        pytest.param(steadily(20), True, id="twenty new payers within thirty days, never fifteen within ten working days"),
        pytest.param(steadily(19), False, id="nineteen"),
        pytest.param(steadily(20, yuan=9_999), False, id="twenty and less than two hundred thousand"),
        pytest.param(steadily(40, yuan=4_999.99), False, id="twenty and more with small sums"),
        pytest.param(
            [row for day in range(5) for row in paid_in(7 * day, range(14), 20_000)],
            False,
            id="the same fourteen payers week after week",
        ),
    ],
)
def test_collection_is_seen_before_anything_is_paid_out(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            paid_in(0, range(300), 640.35) + paid_out(3, range(400, 406), 20_000), id="property fees of a housing estate"
        ),
        pytest.param(
            [row for day in range(20) for row in paid_in(day, [1], 60_000 + day, counterparty_kind="payment")]
            + paid_out(8, range(10, 14), 250_000, counterparty_kind="company"),
            id="a shop settled by a payment institution",
        ),
        pytest.param(paid_in(0, range(60), 500) + paid_out(1, [100], 28_000), id="wedding gifts and the banquet"),
    ],
)
def test_ordinary_life_is_no_collection(rows: Rows) -> None:
    assert not heard(rows).fired


def lived_on(*, large: int = 30, small: int = 25, change: int = 60) -> Rows:
    """A million and more over seven weeks: so many sums of 40,000 and of 1,000, and friends' change."""
    sums = [40_000] * large + [1_000] * small + [88] * change
    # Of each kind some come in every week.
    days = [k * 49 // count for count in (large, small, change) for k in range(count)]
    return [row for k, (day, yuan) in enumerate(zip(days, sums, strict=True)) for row in paid_in(day, [k], yuan)]


@pytest.mark.parametrize(
    ("rows", "holder", "fires"),
    [
        pytest.param(lived_on(), "person", True, id="half of what is no change is large"),
        pytest.param(lived_on(), "company", False, id="a firm has small customers by trade"),
        pytest.param(lived_on(), None, False, id="nobody knows whose it is"),
        pytest.param(lived_on(small=36), "person", False, id="less than half"),
        pytest.param(lived_on(small=19), "person", False, id="forty-nine sums"),
    ],
)
def test_change_on_a_private_account_does_not_hide_what_it_collects(rows: Rows, holder: str | None, fires: bool) -> None:
    assert hear(NAME, rows, holder_kind=holder).fired == fires


def test_it_says_how_many_paid_what_came_and_went_and_shows_the_payers_credits() -> None:
    rows = collecting(payers=15, yuan=20_000) + paid_in(1, range(15, 18), 20_000) + paid_out(1, [100], 50_000)
    finding = heard(rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (18.0, 15.0, "structure", "W30")
    assert (finding.strength, finding.coverage) == (round(0.5 + 0.5 * 3 / 45, 4), 1.0)
    for number in ("18", "15", "360,000", "50,000", "100.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    # Events are remembered from the eighth payer on, or once a day has brought in fifty thousand, here by the third.
    assert finding.evidence == [*(f"in-0-{p}" for p in range(2, 15)), *(f"in-1-{p}" for p in range(15, 18))]


def test_coverage_is_the_share_of_credits_whose_payer_is_known() -> None:
    hidden = paid_in(0, range(15, 20), 1_000, counterparty_id=None)
    finding = heard(hidden + collecting() + paid_in(1, [15], 20_000)).finding
    assert finding is not None
    assert finding.coverage == round(16 / 21, 4)


def test_without_known_payers_only_the_published_rule_can_be_judged() -> None:
    nobody = heard(collecting(counterparty_id=None))
    assert (nobody.fired, nobody.not_evaluable) == (False, True)
    anyhow = heard([{**row, "counterparty_id": None} for row in published()])
    assert (anyhow.fired, anyhow.not_evaluable) == (True, False)


FIRES = collecting()
"""A story on which the typology fires, told again as wire JSON."""
