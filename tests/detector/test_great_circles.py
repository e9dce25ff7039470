"""Lending circles and mutual funds: of the public beyond the statutory line accused, of neighbours and members below it not."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest

from contract.profile import PROFILE
from detector.engine import Shard
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, profile
from tests.detector.stories import paid_in, paid_out, told

Rows = list[dict[str, Any]]
SEATS: Final = 30
ROUNDS: Final = 8


def categories(rows: Rows, holder: str | None, **about: Any) -> set[str]:
    """What the account was flagged as, large values apart."""
    shard = Shard(INSTITUTION, 0, CATALOGUE)
    shard.profiles(batch_of([profile("a:1", holder, **about)], PROFILE))
    flags = told(shard, sorted(rows, key=lambda row: row["occurred_at"]))
    return {flag.category for flag in flags} - {"large_value"}


def circles(number: int, share: float = 2_000) -> Rows:
    """Circles of thirty strangers each through one account: all pay a share every ten days, and one of each takes the pot."""
    rows: Rows = []
    for turn in range(ROUNDS):
        for circle in range(number):
            seats = range(circle * SEATS, (circle + 1) * SEATS)
            taker = seats[turn]
            bid = 10 * ((7 * circle + 3 * turn) % 20)
            rows += paid_in(10 * turn + circle % 5, [p for p in seats if p != taker], share - bid)
            rows += paid_out(10 * turn + circle % 5 + 1, [taker], (SEATS - 1) * (share - bid))
    return rows


def fund(members: int) -> Rows:
    """Members bring what they like, odd sums, and half of them take parts of it out when they like."""
    chance = random.Random(5)
    rows: Rows = []
    for p in range(members):
        day, sum_ = p * 60 // members, chance.randrange(1_030, 4_700, 7)
        rows += paid_in(day, [p], sum_)
        if p % 2:
            rows += paid_out(day + chance.randrange(8, 60), [p], round(sum_ * chance.uniform(0.15, 0.45), 2))
    return rows


@pytest.mark.parametrize(
    ("number", "accused"),
    [
        pytest.param(8, True, id="two hundred and forty strangers"),
        pytest.param(5, True, id="a hundred and fifty"),
        pytest.param(4, False, id="a hundred and twenty acquaintances"),
        pytest.param(1, False, id="thirty neighbours"),
    ],
)
def test_a_circle_is_accused_from_the_statutory_number_of_persons_on(number: int, accused: bool) -> None:
    assert ("illegal_fundraising" in categories(circles(number), "person")) is accused


def test_a_circle_of_small_shares_is_not_accused() -> None:
    assert "illegal_fundraising" not in categories(circles(8, share=400), "person")


@pytest.mark.parametrize(("members", "accused"), [(200, True), (120, False)])
def test_a_mutual_fund_without_a_licence_is_accused_from_the_statutory_number_on(members: int, accused: bool) -> None:
    found = categories(fund(members), "company", industry="A0514", holder_name_class="合作社", opened_on=16_000)
    assert ("illegal_fundraising" in found) is accused


def test_a_mutual_fund_that_sells_to_households_by_its_industry_is_looked_at() -> None:
    assert "illegal_fundraising" not in categories(fund(200), "company", industry="K7020", opened_on=16_000)


def test_a_dealer_who_buys_back_of_his_customers_is_not_accused() -> None:
    rows = [row for p in range(240) for row in paid_in(p // 3, [p], 1_180 + 37 * (p % 90))]
    rows += [row for p in range(0, 160, 4) for row in paid_out(p // 3 + 20, [p], 700 + 31 * (p % 50))]
    assert "illegal_fundraising" not in categories(rows, "person")
