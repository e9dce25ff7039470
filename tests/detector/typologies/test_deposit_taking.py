"""Deposit taking: ever new persons with round sums of their own choice, and prices, presents and small sums that are none."""

from __future__ import annotations

from typing import Any

import pytest

from detector.catalogue import found
from tests.detector.shards import profile
from tests.detector.stories import Heard, hear, listened, paid_in, paid_out, told

NAME = "deposit_taking"
Rows = list[dict[str, Any]]
SUMS = (5_000, 10_000, 20_000, 8_000, 30_000, 15_000)


def heard(rows: Rows, **about: Any) -> Heard:
    return hear(NAME, rows, **about)


def brought(payers: int = 30, *, sums: tuple[float, ...] = SUMS, days: int = 9, **fields: Any) -> Rows:
    """Two or more new persons a day, each with one of the sums."""
    return [row for p in range(payers) for row in paid_in(p * days // payers, [p], sums[p % len(sums)], **fields)]


def settled(kind: str) -> Rows:
    """Day by day 30,000 yuan of one payer of this kind."""
    return [row for day in range(9) for row in paid_in(day, [900], 30_000, counterparty_kind=kind)]


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
        pytest.param(brought() + settled("company"), False, id="and firms buy for more than a fifth"),
        pytest.param(brought() + settled("payment"), True, id="and an acquirer settles as much, whoever paid"),
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


def presale(payers: int = 60, handed_back: int = 36, *, of_it: float = 1.0, balance: float = 200_000) -> Rows:
    """Buyers of flats leave round deposits on nine days; most get theirs back, those who are drawn pay the balance on day 24."""
    deposits = brought(payers)
    back = [row for p in range(handed_back) for row in paid_out(18 + p * 6 // handed_back, [p], SUMS[p % len(SUMS)] * of_it)]
    return deposits + back + [row for p in range(handed_back, payers) for row in paid_in(24, [p], balance)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(presale(), False, id="three fifths, while the winners pay"),
        pytest.param(presale(handed_back=10), False, id="ten"),
        pytest.param(presale(handed_back=9), True, id="nine"),
        pytest.param(presale(payers=80, handed_back=11), True, id="less than 15 per cent"),
        pytest.param(presale() + paid_in(24, range(100, 110), 200_000), False, id="winners pay from another account"),
        pytest.param(presale(of_it=1.01), True, id="with one per cent of interest"),
        pytest.param(presale(of_it=0.5), True, id="a half of each"),
        pytest.param(
            presale() + [row for p in range(36) for row in paid_out(24, [p], 137)],
            True,
            id="and interest in a payment of its own",
        ),
        pytest.param(
            presale(handed_back=30) + paid_out(23, range(50, 54), 150), True, id="four others are paid interest, beside thirty"
        ),
        pytest.param(
            presale() + paid_in(-20, range(200, 206), 9_000) + paid_out(17, range(200, 206), 450),
            True,
            id="six who came earlier have interest",
        ),
        pytest.param(presale(handed_back=30) + paid_out(23, range(50, 53), 150), False, id="three are given a present"),
        pytest.param(
            brought(40) + [row for p in range(100, 130) for row in (*paid_in(9, [p], 1_000), *paid_out(10, [p], 1_000))],
            True,
            id="friends who come and go with a thousand hide nobody's ten thousands",
        ),
    ],
)
def test_deposits_that_are_handed_back_to_the_fen_are_none_taken(rows: Rows, fires: bool) -> None:
    assert at_the_end(rows) == fires


def test_a_private_person_draws_no_lots_for_flats() -> None:
    assert at_the_end(presale(), "person")


def at_the_end(rows: Rows, holder: str = "company") -> bool:
    """Whether it still fires on the last day: what was found before the first refund stays in the flag."""
    shard, listening = listened(profile("a:1", holder, industry="F5179" if holder == "company" else None))
    told(shard, sorted(rows, key=lambda row: row["occurred_at"]))
    return bool(found()[NAME].evaluate(listening.newest()).fired[0])


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
