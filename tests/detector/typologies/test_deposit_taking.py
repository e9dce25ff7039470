"""Deposit taking: ever new persons with round sums of their own choice, and prices, presents and small sums that are none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in

NAME = "deposit_taking"
Rows = list[dict[str, Any]]
SUMS = (5_000, 10_000, 20_000, 8_000, 30_000, 15_000)


def heard(rows: Rows, **about: Any) -> Heard:
    return hear(NAME, rows, **about)


def brought(payers: int = 30, *, sums: tuple[float, ...] = SUMS, days: int = 9, **fields: Any) -> Rows:
    """Two or more new persons a day, each with one of the sums."""
    return [row for p in range(payers) for row in paid_in(p * days // payers, [p], sums[p % len(sums)], **fields)]


def later(days: int, rows: Rows) -> Rows:
    """The same rows, so many days later."""
    return [{**row, "occurred_at": row["occurred_at"] + days * 86_400_000} for row in rows]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(brought(), True, id="thirty persons on nine days"),
        pytest.param(brought(25), True, id="twenty-five"),
        pytest.param(brought(24), False, id="twenty-four"),
        pytest.param(brought(days=6), True, id="on six days"),
        pytest.param(brought(days=5), False, id="on five days, as gifts come"),
        pytest.param(brought(sums=SUMS[:5]), True, id="five sums"),
        pytest.param(brought(sums=SUMS[:4]), False, id="four sums are a price list"),
        pytest.param(
            brought(27, sums=(10_000, 10_000, 10_000, 5_000, 20_000, 30_000, 10_000, 10_000, 8_000)), False, id="one usual price"
        ),
        pytest.param(brought(sums=tuple(one + 137 for one in SUMS)), False, id="sums that are not round"),
        pytest.param(brought(sums=(500, 1_000, 2_000, 1_500, 3_000, 2_500)), False, id="small sums"),
        pytest.param(brought(counterparty_kind="company"), False, id="paid by firms"),
        pytest.param(
            brought() + [row for day in range(9) for row in paid_in(day, range(200, 220), 88)],
            True,
            id="friends share bills besides",
        ),
        pytest.param(
            brought(24) + [row for day in range(9) for row in paid_in(day, range(200, 220), 88)],
            False,
            id="twenty-four, and friends",
        ),
        pytest.param(
            brought(24, sums=tuple(one + 137 for one in SUMS)) + paid_in(3, [300], 999),
            False,
            id="odd sums, and less than a thousand",
        ),
        pytest.param(brought(24) + paid_in(3, [300], 999), False, id="a family of twenty-four, and a friend who shares a bill"),
        pytest.param(
            brought(25, sums=(*SUMS, 10_137, 20_137)) + paid_in(9, range(10), 10_000),
            True,
            id="what first came is less even than all that came",
        ),
        pytest.param(brought(24) + paid_in(3, [300], 1_000), True, id="the twenty-fifth brings a thousand"),
        pytest.param(
            paid_in(0, range(100, 140), 6_000) + paid_in(60, range(100, 140), 6_000) + later(60, brought()),
            False,
            id="most of the month's payers had paid before",
        ),
    ],
)
def test_twenty_five_new_persons_choose_their_round_sums_on_six_days(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    ("about", "fires"),
    [
        pytest.param({"holder_kind": "person"}, True, id="a person"),
        pytest.param({"holder_kind": "company", "industry": "F5179"}, True, id="a firm"),
        pytest.param({"holder_kind": "company", "holder_licence": "bank"}, False, id="a bank"),
        pytest.param({"holder_kind": "company", "holder_licence": "charity"}, False, id="a certified charity"),
        pytest.param({"holder_kind": "public_body"}, False, id="a public body"),
        pytest.param({"holder_kind": "company", "account_type": "escrow"}, False, id="a notary's account"),
    ],
)
def test_who_may_take_money_of_the_public_takes_no_deposits_without_licence(about: dict[str, Any], fires: bool) -> None:
    assert heard(brought(), **about).fired == fires


ODD = (5_137, 10_137, 20_137, 5_000, 10_000, 20_000, 8_000, 30_000, 15_000)
"""A third of them not round, and these first: a finding of one day stays."""
FIRM = {"holder_kind": "company", "industry": "F5179"}


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(brought(15), True, id="fifteen"),
        pytest.param(brought(14), False, id="fourteen"),
        pytest.param(brought(18, sums=ODD), True, id="two thirds of the sums are round"),
        pytest.param(brought(18, sums=ODD) + paid_in(4, [50], 9_137), False, id="fewer are"),
    ],
)
def test_of_a_firm_fifteen_are_enough_and_two_thirds_of_their_sums(rows: Rows, fires: bool) -> None:
    assert heard(rows, **FIRM).fired == fires
    assert not heard(rows, holder_kind="person").fired


def test_of_a_firm_whose_trade_is_with_households_twenty_five_are_asked() -> None:
    """Who decorates homes is paid in round stages, by ever new customers."""
    decorator = {"holder_kind": "company", "industry": "E5013"}
    assert not heard(brought(24), **decorator).fired
    assert heard(brought(25), **decorator).fired
    assert heard(brought(24), holder_kind="company").fired


def test_friends_bring_no_days() -> None:
    """Relatives give on two days; that others share a bill on five more makes no seven days of depositors."""
    relatives = [row for p in range(26) for row in paid_in(2 + p % 2, [p], 8_000 + 2_000 * (p % 12))]
    friends = [row for k in range(5) for row in paid_in(5 + k, [100 + k], 1_000)]
    assert not heard(relatives + friends).fired
    spread = [row for p in range(26) for row in paid_in(2 + p % 6, [p], 8_000 + 2_000 * (p % 12))]
    assert heard(spread + friends).fired


def test_it_says_who_joined_on_how_many_days_and_with_how_many_sums() -> None:
    finding = heard(brought()).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (30, 25, "text")
    for number in ("30", "25", "9", "100.0%", "500", "6", "16.7%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence
    assert set(finding.evidence) <= {row["event_id"] for row in brought()}


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} for row in brought()]
    assert (heard(nobody).fired, heard(nobody).not_evaluable) == (False, True)


FIRES = brought()
"""A story on which the typology fires, told again as wire JSON."""
