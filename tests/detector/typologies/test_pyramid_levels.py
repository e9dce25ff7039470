"""Pyramid levels on one account: parts of the fee go up as others enter, and what only looks like levels."""

from __future__ import annotations

from typing import Any

import pytest

from detector.catalogue import found
from tests.detector.stories import Heard, hear, listened, paid_in, paid_out, told

NAME = "pyramid_levels"
Rows = list[dict[str, Any]]
PARTS = (0.2, 0.1, 0.06, 0.03)


def heard(rows: Rows, **about: Any) -> Heard:
    return hear(NAME, rows, **about)


def above(member: int, branching: int = 2) -> list[int]:
    """Those above a member, nearest first: member k was brought in by k // branching."""
    chain = []
    while member > 1:
        member //= branching
        chain.append(member)
    return chain


def pyramid(
    members: int = 60, fee: float = 730, parts: tuple[float, ...] = PARTS, *, days: int = 30, late: int = 1, skipped: int = 0
) -> Rows:
    """Members enter over ``days``; ``late`` days after each, those above are paid a part of the fee, the nearest the largest.

    Of ``skipped`` entries one is paid for, where it is not 0.
    """
    rows: Rows = []
    for member in range(1, members + 1):
        day = member * days // members
        rows += paid_in(day, [member], fee)
        if skipped and member % skipped:
            continue
        for part, sponsor in zip(parts, above(member), strict=False):
            rows += [{**row, "event_id": f"{row['event_id']}-of-{member}"} for row in paid_out(day + late, [sponsor], fee * part)]
    return rows


def others(payers: int, fee: float = 730) -> Rows:
    """Customers who buy something else."""
    return [row for k in range(payers) for row in paid_in(k % 30, [1_000 + k], fee + 11 + 3.7 * k)]


def coupons(payers: int = 60, fee: float = 2_980, part: float = 0.1) -> Rows:
    """A training school gives whoever brings a friend a tenth of the fee."""
    return pyramid(payers, fee, (part,))


def classes(payers: int = 60, fee: float = 2_980) -> Rows:
    """Dealers of three classes have by the month the rebate of their class."""
    bought = [row for k in range(payers) for row in paid_in(k % 20, [k], fee)]
    return bought + [row for day in (25, 55) for k in range(payers) for row in paid_out(day, [k], fee * (0.06, 0.1, 0.2)[k % 3])]


def club(payers: int = 60, fee: float = 1_000) -> Rows:
    """Members of a club paid in together; prizes of 50, 100 and 200 go to this one and that until autumn."""
    dues = paid_in(0, range(payers), fee)
    return dues + [row for k in range(60) for row in paid_out(10 + k, [(7 * k) % payers], (50, 100, 200)[k % 3])]


def welcomed(members: int = 60, fee: float = 2_000) -> Rows:
    """Whoever enters is given fifty yuan before."""
    gifts = [row for k in range(1, members + 1) for row in paid_out(0, [k], 50)]
    return gifts + [{**row, "occurred_at": row["occurred_at"] + 86_400_000} for row in pyramid(members, fee)]


def change(neighbours: int = 40) -> Rows:
    """Forty neighbours begin with a hundred yuan, and have change of 10, 20 and 30 back after each order."""
    begun = [row for k in range(neighbours) for row in paid_in(k % 20, [k], 100)]
    return begun + [row for day in (21, 23) for k in range(neighbours) for row in paid_out(day, [k], (10, 20, 30)[(k + day) % 3])]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(pyramid(), True, id="four levels"),
        pytest.param(pyramid(parts=PARTS[:3]), True, id="three levels"),
        pytest.param(pyramid(parts=PARTS[:2]), False, id="two levels"),
        pytest.param(pyramid(30, parts=PARTS[:3]), True, id="thirty members, three of them paid the third part"),
        pytest.param(pyramid(29, parts=PARTS[:3]), False, id="fewer than thirty members"),
        pytest.param(pyramid(parts=PARTS[:3], skipped=3), False, id="a third of the entries are paid for"),
        pytest.param(pyramid(fee=2_800, parts=(0.25, 0.1, 0.05)), True, id="a fee of 2,800"),
        pytest.param(pyramid() + others(40), True, id="and customers"),
        pytest.param(pyramid() + others(61), False, id="of whom there are more than members"),
        pytest.param(pyramid(days=0, late=8), False, id="nobody entered for a week before they were paid"),
        pytest.param(pyramid(parts=(0.2, 0.1037, 0.0613)), False, id="sums that are no parts of the fee"),
        pytest.param(welcomed(), True, id="a gift before each fee"),
        pytest.param(change(), False, id="neighbours who share an order have change back"),
        pytest.param(coupons(), False, id="a coupon for bringing a friend"),
        pytest.param(classes(), False, id="dealers' rebates by class"),
        pytest.param(club(), False, id="a club's prizes"),
    ],
)
def test_three_parts_of_one_fee_go_to_those_above_who_enters(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    ("about", "fires"),
    [
        pytest.param({"holder_kind": "person"}, True, id="a person"),
        pytest.param({"holder_kind": "company", "industry": "F5291"}, True, id="a firm"),
        pytest.param(
            {"holder_kind": "company", "holder_licence": "insurer"}, False, id="an insurer, whose agents are paid by levels"
        ),
    ],
)
def test_a_person_is_judged_as_a_firm_is_and_a_licensed_institution_is_not(about: dict[str, Any], fires: bool) -> None:
    assert heard(pyramid(), **about).fired == fires


def test_it_says_fee_levels_and_who_was_paid() -> None:
    shard, listening = listened()
    told(shard, sorted(pyramid(), key=lambda row: row["occurred_at"]))
    typology, rows = found()[NAME], listening.newest()
    findings = typology.evaluate(rows)
    assert (findings.value[0], findings.threshold[0], typology.family) == (1.0, 0.6, "network")
    for text in typology.say(rows, 0, findings):
        for number in ("60", "100.0%", "730", "20.0%", "10.0%", "6.0%", "3.0%", "30", "12"):
            assert number in text, number


def test_it_shows_what_was_paid_to_those_above() -> None:
    finding = heard(pyramid()).finding
    assert finding is not None
    assert finding.evidence
    assert all(event.startswith("out-") for event in finding.evidence)


FIRES = pyramid()
"""A story on which the typology fires, told again as wire JSON."""
