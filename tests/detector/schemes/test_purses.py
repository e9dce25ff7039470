"""Private accounts of one purse, none of which hands half on to any other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.schemes.rings import BANKS, Town
from tests.detector.schemes.test_schemes import Found, found_in

Story = dict[str, Any]


def named(town: Town, name: str, count: int) -> list[str]:
    """Accounts of that many persons, spread over the banks."""
    return [town.account(f"{name}{k}@{BANKS[k % 3]}") for k in range(count)]


def quiet(town: Town, people: int = 400, days: int = 45) -> Town:
    """A shop with customers and two who pay each other each day, so that all days are judged."""
    shop = town.account("shop@B1", holder_kind="company")
    for k, customer in enumerate(town.people(people, "customer")):
        town.pay(k * days // people, customer, shop, 60.0 + k)
    a, b = town.people(2, "idle")
    for day in range(days):
        town.pay(day, a, b, 20)
    return town


def cards(
    *,
    collecting: int = 6,
    paying: int = 2,
    payers: int = 72,
    yuan: float = 3_000.0,
    back: float = 0.1,
    every: int = 8,
    fills: float = 1.0,
    sinks: int = 2,
    elsewhere: bool = False,
    unseen: int = 0,
    pays: str = "person",
) -> Town:
    """Collecting cards give each paying account its part of what that pays back, ``fills`` of it, and sinks the rest.

    ``elsewhere``: who is paid brought nobody anything; ``unseen`` cards are at banks that tell nothing; ``pays`` what kind the
    paying accounts' holders are.
    """
    town = Town()
    take, pay, sink = named(town, "card", collecting), named(town, "pays", paying), named(town, "sink", sinks)
    take[collecting - unseen :] = [f"card{k}@B9" for k in range(collecting - unseen, collecting)]
    for name in pay:
        town.account(name, holder_kind=pays)
    who, others = named(town, "payer", payers), named(town, "other", payers)
    for k, payer in enumerate(who):
        day, card, outlet = 1 + k * 20 // payers, take[k % collecting], pay[k // collecting % paying]
        town.pay(day, payer, card, yuan)
        town.pay(day + 1, card, sink[k // (collecting * paying) % sinks], yuan * 0.4)
        for turn in (1, 2):
            if fills:
                town.pay(day + every * turn - 1, card, outlet, yuan * back * fills)
            town.pay(day + every * turn, outlet, others[k] if elsewhere else payer, yuan * back)
    return town


def in_turn(*, accounts: int = 5, payers: int = 60, yuan: float = 8_000.0, common: bool = True, crossed: bool = True) -> Town:
    """Each account collects in its week, hands a quarter on to each of two holders, and payers are paid from any account.

    Without ``common`` each hands on to two of its own, and where they are not ``crossed`` who took a payer's money pays him.
    """
    town = Town()
    take = named(town, "turn", accounts)
    sink = named(town, "sink", 2 if common else 2 * accounts)
    for k, payer in enumerate(named(town, "payer", payers)):
        turn, day = k * accounts // payers, 1 + k * 25 // payers
        town.pay(day, payer, take[turn], yuan)
        town.pay(day + 1, take[turn], sink[k % 2 if common else 2 * turn + k % 2], yuan * 0.5)
        town.pay(day + 12, take[turn if not crossed else k % accounts], payer, yuan * 0.02)
    return quiet(town)


def members_of(found: Found) -> set[str]:
    """Members of the last revisions of all schemes."""
    return {member.account_id for one in found.last.values() for member in one.members}


def accused_in(found: Found) -> set[str]:
    """Accounts that a member's flag accuses."""
    return {one.account_id for one in found.flags if one.category == "illegal_fundraising"}


@pytest.mark.parametrize(
    ("story", "accused"),
    [
        pytest.param({}, 8, id="six cards, each fills two paying accounts by a part"),
        pytest.param({"fills": 0.6}, 8, id="most of what is paid back comes from them"),
        pytest.param({"fills": 0.3}, 0, id="little of it does"),
        pytest.param({"fills": 0.0}, 0, id="nothing runs between them"),
        pytest.param({"elsewhere": True}, 0, id="who is paid had paid nobody"),
    ],
)
def test_a_set_of_accounts_that_fills_those_from_which_its_payers_are_paid_is_one_scheme(story: Story, accused: int) -> None:
    found = found_in(quiet(cards(**story)))
    names = {f"a:{kind}{k}@{BANKS[k % 3]}" for kind, count in (("card", 6), ("pays", 2)) for k in range(count)}
    assert accused_in(found) == (names if accused else set())


def test_cards_with_five_payers_each_are_one_circle_by_what_they_fill_together() -> None:
    found = found_in(quiet(cards(payers=30)))
    assert members_of(found) == {
        f"a:{kind}{k}@{BANKS[k % 3]}" for kind, count in (("card", 6), ("pays", 2)) for k in range(count)
    }
    assert accused_in(found) == {"a:pays0@B1", "a:pays1@B2"}, "whom five paid may be a victim with friends"


@pytest.mark.parametrize(
    ("story", "found"),
    [
        pytest.param({}, True, id="forty of a hundred and twenty"),
        pytest.param({"payers": 168}, False, id="twenty-eight of eighty-four"),
        pytest.param({"pays": "company"}, False, id="a firm's, as it pays staff who buy of another of its firms"),
    ],
)
def test_filled_accounts_pay_thirty_who_paid_the_one_that_fills_them_whomever_else_they_pay(story: Story, found: bool) -> None:
    usual: Story = {"collecting": 3, "unseen": 2, "payers": 240}
    town = cards(**usual | story)
    members = members_of(found_in(quiet(town, people=1_400)))
    assert ({"a:card0@B1", "a:pays0@B1", "a:pays1@B2"} <= members) == found


def test_who_pays_a_paying_account_little_beside_the_cards_and_knows_some_of_their_payers_is_no_member() -> None:
    town = cards(yuan=20_000.0)
    buyer = town.account("buyer@B2")
    for k in range(12):
        town.pay(2 + k, f"payer{k}@{BANKS[k % 3]}", buyer, 900.0)
    for day in (6, 12, 19):
        town.pay(day, buyer, "pays0@B1", 200.0)
    found = found_in(quiet(town))
    assert members_of(found) >= {"a:card0@B1", "a:pays0@B1"}
    assert "a:buyer@B2" not in members_of(found)


@pytest.mark.parametrize(
    ("story", "accused"),
    [
        pytest.param({}, 5, id="five accounts, two holders to whom all hand on"),
        pytest.param({"common": False}, 0, id="each hands on to others"),
        pytest.param({"crossed": False}, 0, id="each pays its own payers"),
    ],
)
def test_accounts_that_hand_on_to_the_same_holders_and_pay_each_others_payers_are_one_scheme(story: Story, accused: int) -> None:
    found = found_in(in_turn(**story))
    names = {f"a:turn{k}@{BANKS[k % 3]}" for k in range(5)}
    assert accused_in(found) == (names if accused else set())
    assert not any("sink" in one for one in accused_in(found)), "who only receives is not accused"


def small_sums(*, payers: int = 80, turns: int = 4, yuan: float = 250.0) -> Town:
    """Two cards and two paying accounts of a daily game: each payer brings little and is paid a little again and again."""
    town = Town()
    take, pay, sink = named(town, "card", 2), named(town, "pays", 2), named(town, "sink", 2)
    for k, payer in enumerate(named(town, "payer", payers)):
        day, card = 1 + k * 20 // payers, take[k % 2]
        town.pay(day, payer, card, yuan)
        town.pay(day + 1, card, sink[k // 2 % 2], yuan * 0.3)
        for turn in range(turns):
            outlet = pay[(k // 2 + turn) % 2]
            town.pay(day + 2 + 3 * turn, card, outlet, yuan * 0.05)
            town.pay(day + 3 + 3 * turn, outlet, payer, yuan * 0.05)
    return quiet(town)


@pytest.mark.parametrize(
    ("story", "found"),
    [
        pytest.param({}, True, id="eighty, four times each"),
        pytest.param({"turns": 1}, False, id="once, as what was left of a class's money goes back"),
        pytest.param({"payers": 28, "yuan": 490.0}, False, id="twenty-eight, as friends share bills"),
    ],
)
def test_small_sums_count_where_dozens_are_paid_again_and_again(story: Story, found: bool) -> None:
    members = members_of(found_in(small_sums(**story)))
    assert ({"a:card0@B1", "a:card1@B2", "a:pays0@B1", "a:pays1@B2"} <= members) == found
