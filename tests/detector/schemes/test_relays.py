"""Accounts that hand on what persons bring them as it comes, and customers, firms and late payers who only seem to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.relays import Relays
from tests.detector.schemes.rings import Town
from tests.detector.schemes.test_schemes import Found, found_in

LENT = ("lent0@B1", "lent1@B2", "lent2@B3")
Change = Callable[[Town], None]


def star(
    *,
    lent: tuple[str, ...] = LENT,
    payers: int = 3,
    yuan: float = 5_000,
    kept: float = 0.02,
    portions: int = 3,
    after: int = 1,
    spread: int = 1,
    kind: str = "person",
    hub: str = "hub@B1",
    licence: str | None = None,
    hubs: int = 1,
    others: int = 0,
) -> Town:
    """Each lent account is paid by some persons, a day apart, and hands on in so many portions, from so many days later on.

    ``others`` bring the hub as much as each of these persons.
    """
    town = Town()
    known = {"holder_kind": "company", "holder_licence": licence} if licence else {}
    targets = [town.account(hub if k == 0 else f"hub{k}@B1", **known) for k in range(hubs)]
    for n, name in enumerate(lent):
        town.account(name, holder_kind=kind)
        for k in range(payers):
            town.pay(2 + spread * k, town.account(f"v{n}x{k}@B2"), name, yuan)
        for k in range(portions):
            town.pay(2 + after + k, name, targets[n % hubs], payers * yuan * (1 - kept) / portions)
    for k in range(others):
        town.pay(2 + k % 9, town.account(f"other{k}@B2"), targets[0], yuan)
    a, b = town.people(2, "idle")
    for day in range(25):
        town.pay(day, a, b, 20)
    return town


def relays_in(found: Found) -> set[str]:
    """Accounts that hand on at the end of what was told."""
    picture = found.picture
    return {picture.accounts[a].account_id for a in Relays.of(picture).account.tolist()}


@pytest.mark.parametrize(
    ("town", "hand_on"),
    [
        pytest.param(star(), True, id="three who hand on each time"),
        pytest.param(star(lent=LENT[:2]), False, id="two"),
        pytest.param(star(hubs=3), False, id="each to somebody else"),
        pytest.param(star(payers=2), False, id="two payers each, as an employer and a friend are"),
        pytest.param(star(yuan=999, payers=12, portions=8), False, id="small sums, as friends share bills"),
        pytest.param(star(kept=0.29), True, id="seven tenths"),
        pytest.param(star(kept=0.31), False, id="less than seven tenths"),
        pytest.param(star(kept=-0.09), True, id="a little more than came"),
        pytest.param(star(kept=-0.11), False, id="more than came"),
        pytest.param(star(portions=1), False, id="once, as one invests or buys"),
        pytest.param(star(payers=5, portions=2, spread=0), True, id="twice of five"),
        pytest.param(star(payers=6, portions=2, spread=0), False, id="twice of six"),
        pytest.param(star(portions=8), True, id="two portions each and two trials"),
        pytest.param(star(portions=9), False, id="in many portions, as one shops"),
        pytest.param(star(after=2, spread=0), True, id="two days after it came"),
        pytest.param(star(after=5, spread=0), False, id="five days after it came"),
        pytest.param(star(others=20), True, id="to one who takes as much again from others, and more"),
        pytest.param(star(others=21), False, id="to one of whose money seven tenths come from others, as a school's"),
        pytest.param(star(kind="company"), False, id="firms that pay a supplier"),
        pytest.param(star(licence="consumer_finance"), False, id="to a licensed lender"),
    ],
)
def test_three_private_accounts_hand_on_to_one_holder_what_persons_bring_as_it_comes(town: Town, hand_on: bool) -> None:
    assert relays_in(found_in(town)) == ({f"a:{name}" for name in LENT} if hand_on else set())


def monthly(payers: int, *, months: int = 3) -> Town:
    """Each of three is paid each month by so many whose kind nobody tells and by two friends once, and pays as much to one."""
    town = Town()
    hub = town.account("hub@B1")
    for n, name in enumerate(LENT):
        account = town.account(name)
        for friend in range(2):
            town.pay(1, town.account(f"f{n}x{friend}@B2"), account, 1_500)
        for month in range(months):
            for k in range(payers):
                town.pay(1 + k + 30 * month, town.account(f"v{n}x{k}@B2"), account, 5_000)
                town.pay(2 + k + 30 * month, name, hub, 4_800)
    return town


@pytest.mark.parametrize(
    ("payers", "hand_on"),
    [pytest.param(2, False, id="two: an employer and a tenant"), pytest.param(4, True, id="four are savers")],
)
def test_wages_are_not_handed_on(payers: int, hand_on: bool) -> None:
    assert relays_in(found_in(monthly(payers))) == ({f"a:{name}" for name in LENT} if hand_on else set())


def among(others: int, *, yuan: float = 800, friends: int = 1) -> Town:
    """A star beside others who pay the same one twice and whom so many friends paid."""
    town = star()
    for k in range(others):
        town.account(f"shopper{k}@B1", holder_kind="person")
        for friend in range(friends):
            town.pay(3, town.account(f"f{k}x{friend}@B2"), f"shopper{k}@B1", 1_500)
        for small in range(3):
            town.pay(3, town.account(f"s{k}x{small}@B2"), f"shopper{k}@B1", 900)
        for day in (2, 9):
            town.pay(day, f"shopper{k}@B1", "hub@B1", yuan)
    return town


@pytest.mark.parametrize(
    ("town", "hand_on"),
    [
        pytest.param(among(6), True, id="two customers to each"),
        pytest.param(among(7), False, id="more customers"),
        pytest.param(among(7, yuan=1), True, id="who paid a yuan twice are none"),
        pytest.param(among(7, friends=4), True, id="who collect themselves and keep most are none"),
    ],
)
def test_who_has_customers_besides_is_no_organiser(town: Town, hand_on: bool) -> None:
    assert relays_in(found_in(town)) == ({f"a:{name}" for name in LENT} if hand_on else set())


@pytest.mark.parametrize(
    ("count", "yuan", "hand_on"),
    [
        pytest.param(6, 998, True, id="six who take fees"),
        pytest.param(5, 998, False, id="five"),
        pytest.param(6, 499, False, id="small sums, as friends share bills"),
    ],
)
def test_of_six_relays_half_of_each_sum_is_enough(count: int, yuan: float, hand_on: bool) -> None:
    lent = tuple(f"lent{k}@B{k % 3 + 1}" for k in range(count))
    found = relays_in(found_in(star(lent=lent, yuan=yuan, payers=12, portions=12)))
    assert found == ({f"a:{name}" for name in lent} if hand_on else set())


def deposits(*, price: float | None = None, payers: int = 10) -> Town:
    """Five lent accounts, payers who each bring a sum of their own or all the one price; nobody is paid back."""
    town = Town()
    hub = town.account("hub@B1")
    for k in range(5 * payers):
        lent = (
            town.account(f"lent{k % 5}@{('B1', 'B2', 'B3')[k % 3]}") if k < 5 else f"lent{k % 5}@{('B1', 'B2', 'B3')[k % 5 % 3]}"
        )
        day, yuan = 2 + k // 5, price or 5_000.0 * (1 + k % 7)
        town.pay(day, town.account(f"v{k}@B2"), lent, yuan)
        town.pay(day + 1, lent, hub, yuan - 20)
    return town


def test_deposits_of_each_ones_choice_through_lent_accounts_are_accused_before_anybody_is_paid_back() -> None:
    found = found_in(deposits())
    [scheme] = found.last.values()
    assert scheme.category == "illegal_fundraising"
    said = {one.typology.partition("@")[0] for one in scheme.findings}
    assert {"dispersed_in_concentrated_out", "linked_accounts", "deposit_taking"} <= said
    assert scheme.totals.payees == 0
    assert len(scheme.members) == 6


def test_one_price_collected_by_several_and_handed_on_is_looked_at_and_not_accused() -> None:
    found = found_in(deposits(price=6_000.0))
    assert {one.category for one in found.schemes} == {"observe"}


def paid_elsewhere(*, filled: float = 0.6, back: int = 3, invested: float = 0.0, brought: float = 0.0) -> Town:
    """One collects of twelve, another one pays some of them back and lives a life of his own besides.

    The other has ``invested`` with the one before, and persons have ``brought`` a second account of his so much.
    """
    town = Town()
    boss, other = town.account("boss@B1"), town.account("other@B2")
    for friend in town.people(5, "friend"):
        town.pay(0, other, friend, 40_000)
    who = town.people(12, "payer")
    for k, payer in enumerate(who):
        town.pay(1 + k // 2, payer, boss, 10_000)
    town.pay(9, boss, other, filled * 1_000 * back)
    if invested:
        town.pay(3, other, boss, invested)
    if brought:
        second = town.account("second@B3", customer_id="c:other")
        for k, victim in enumerate(town.people(5, "victim")):
            town.pay(2 + k, victim, second, brought / 5)
    for payer in who[:back]:
        town.pay(10, other, payer, 1_000)
    for day in range(25):
        town.pay(day, who[0], who[1], 20)
    return town


@pytest.mark.parametrize(
    ("town", "fills"),
    [
        pytest.param(paid_elsewhere(), True, id="three of his payers, from what he gave"),
        pytest.param(paid_elsewhere(back=2), False, id="two of his payers"),
        pytest.param(paid_elsewhere(filled=0.49), False, id="most of it is the other's own"),
        pytest.param(paid_elsewhere(filled=1.2, invested=2_000), True, id="half of it, without what he had invested"),
        pytest.param(paid_elsewhere(filled=1.2, invested=2_200), False, id="he had invested most of what he was given"),
        pytest.param(paid_elsewhere(brought=4_100), True, id="three tenths of what persons bring him"),
        pytest.param(paid_elsewhere(brought=4_300), False, id="persons bring his other account most"),
    ],
)
def test_who_fills_the_account_that_pays_his_payers_back_is_followed_whatever_else_it_pays(town: Town, fills: bool) -> None:
    picture = found_in(town).picture
    filling = Filling.of(picture, Flows.of(picture))
    pairs = {
        (picture.accounts[a].account_id, picture.accounts[b].account_id)
        for a, b in zip(filling.collector.tolist(), filling.outlet.tolist(), strict=True)
    }
    assert pairs == ({("a:boss@B1", "a:other@B2")} if fills else set())
