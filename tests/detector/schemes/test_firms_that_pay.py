"""Firms whose two accounts take of persons and pay them: couriers' earnings and customers' refunds accuse nobody."""

from __future__ import annotations

import pytest

from tests.detector.schemes.rings import Town
from tests.detector.schemes.test_purses import quiet
from tests.detector.schemes.test_repaying import gigs
from tests.detector.schemes.test_schemes import found_in


def web_shop(*, rates: bool = False) -> Town:
    """A hundred buy now and then at all prices; from its second account a shop gives back prices, parts of them, and thanks.

    With ``rates`` they bring round sums instead, once, and are given three hundredths of them again and again.
    """
    town = Town()
    till = town.account("till@B1", customer_id="c:web", holder_kind="company")
    service = town.account("service@B2", customer_id="c:web", holder_kind="company")
    for k, buyer in enumerate(town.people(100, "buyer")):
        came, price = 1 + k % 25, round(1_010.0 + 31.7 * (k % 37), 2)
        if rates:
            town.pay(came, buyer, till, 5_000.0 + 1_000 * (k % 5))
            for turn in (1, 2, 3):
                town.pay(came + 7 * turn, service, buyer, (5_000.0 + 1_000 * (k % 5)) * 0.03)
            continue
        for turn in range(3):
            town.pay(came + 9 * turn, buyer, till, price + 50 * turn)
        if k % 3:
            town.pay(came + 4, service, buyer, round(price * (0.05, 0.3, 0.62)[k % 3], 2))
        if k % 2:
            town.pay(came + 13, service, buyer, 21.0 + k % 9)
    return town


def in_accused_schemes(town: Town) -> set[str]:
    """Members of schemes that were ever illegal fund-raising, whether a flag of their own or a scheme's says so."""
    found = found_in(quiet(town, people=600, days=60))
    accused = [one for one in found.schemes if one.category == "illegal_fundraising"]
    return {member.account_id for one in accused for member in one.members}


@pytest.mark.parametrize(
    ("firms", "accused"),
    [
        pytest.param(1.0, set(), id="firms pay the platform what it pays out"),
        pytest.param(0.0, {"a:platform@B1", "a:wallet@B2"}, id="no firm pays it"),
    ],
)
def test_a_platform_that_takes_deposits_and_pays_earnings_by_the_week_is_not_accused(firms: float, accused: set[str]) -> None:
    assert in_accused_schemes(gigs(workers=60, firms=firms)) == accused


@pytest.mark.parametrize(("rates", "accused"), [(False, set()), (True, {"a:till@B1", "a:service@B2"})])
def test_a_shop_that_gives_parts_of_prices_back_is_not_accused_and_one_that_pays_a_rate_is(
    rates: bool, accused: set[str]
) -> None:
    assert in_accused_schemes(web_shop(rates=rates)) == accused
