"""Who is beside a scheme: pairs that pay back its payers, who pays into it like others, who is paid by it like others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from contract.flag import Engine
from detector.decision import ILLEGAL
from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.following import Following
from detector.schemes.group_findings import GroupRules
from detector.schemes.picture import Picture
from detector.schemes.pruning import Part, taking_part
from detector.schemes.returns import Returns
from detector.schemes.scheme_book import Membership, OpenScheme, SchemeBook
from tests.detector.schemes.pictures import numbers, picture_of
from tests.detector.schemes.rings import BANKS, Town
from tests.detector.schemes.test_schemes import CATALOGUE

Story = dict[str, Any]


def members(town: Town, *names: str) -> set[str]:
    """Of the named accounts, as a circle, those that take part."""
    picture = picture_of(town)
    flows = Flows.of(picture)
    part = taking_part(picture, flows, Filling.of(picture, flows), numbers(picture, *names))
    return {picture.accounts[a].account_id.removeprefix("a:") for a in part.accounts.tolist()}


def crowded(town: Town) -> Town:
    """Three hundred customers of a shop besides, so that a few who know each other are no chance."""
    shop = town.account("shop@B1", holder_kind="company")
    for k, customer in enumerate(town.people(300, "customer")):
        town.pay(k % 30, customer, shop, 60.0 + k)
    return town


def pair(town: Town, name: str, payers: list[str], *, yuan: float = 5_000.0) -> tuple[str, str]:
    """One holder's account that takes each payer's money, and his other one that pays a part of it back."""
    takes, pays = (town.account(f"{name}-{what}@{bank}", customer_id=f"c:{name}") for what, bank in (("in", "B1"), ("out", "B2")))
    for k, payer in enumerate(payers):
        town.pay(1 + k % 12, payer, takes, yuan)
        town.pay(11 + k % 12, pays, payer, yuan * 0.1)
    return takes, pays


@pytest.mark.parametrize(
    ("shared", "together"),
    [
        pytest.param({}, False, id="nothing else joins them"),
        pytest.param({"between": True}, True, id="one hands its payers' money on to the other"),
    ],
)
def test_neighbours_who_pay_back_each_others_payers_are_two_schemes(shared: dict[str, bool], together: bool) -> None:
    town = Town()
    payers = town.people(30)
    scheme, coach = pair(town, "scheme", payers, yuan=9_000.0), pair(town, "coach", payers[:12])
    if shared.get("between"):
        for day in (8, 13, 18):
            town.pay(day, coach[0], scheme[0], 40_000.0)
    assert members(town, *scheme, *coach) == ({*scheme, *coach} if together else {*scheme})
    assert members(town, *coach) == {*coach}


@pytest.mark.parametrize(
    ("strangers", "accounts", "member"),
    [
        pytest.param(3, 1, True, id="he brings three tenths of what persons bring it"),
        pytest.param(6, 1, False, id="he is one of those who pay it"),
        pytest.param(6, 2, False, id="he has two accounts, and brings no more"),
    ],
)
def test_who_hands_on_to_a_collector_that_takes_most_of_its_money_from_others_is_no_member(
    strangers: int, accounts: int, member: bool
) -> None:
    town = Town()
    friends = town.people(8)
    scheme = pair(town, "scheme", [*friends, *town.people(strangers, "stranger")])
    # It pays others so much that nobody takes him for the one who brings what it pays.
    for k, other in enumerate(town.people(9, "other")):
        town.pay(3 + k, scheme[1], other, 15_000.0)
    investor = [town.account(f"investor{k}@B3", customer_id="c:investor") for k in range(accounts)]
    for k, friend in enumerate(friends):
        town.pay(1 + k, friend, investor[0], 4_000.0)
    for day in (9, 14, 19):
        town.pay(day, investor[0], scheme[0], 9_000.0)
    found = members(crowded(town), *scheme, *investor)
    assert found >= set(scheme)
    assert (investor[0] in found) == member


@pytest.mark.parametrize("hub", [pytest.param("hub@B9", id="that tells nothing"), pytest.param("hub@B1", id="that reports")])
def test_three_who_hand_on_as_it_comes_stay_together_by_whom_they_hand_on_to(hub: str) -> None:
    town = Town()
    if hub == "hub@B1":
        town.account(hub)
    lent = [town.account(f"lent{k}@{BANKS[k]}") for k in range(3)]
    for n, name in enumerate(lent):
        for k, payer in enumerate(town.people(3, f"payer{n}x")):
            town.pay(2 + k, payer, name, 5_000.0)
            town.pay(3 + k, name, hub, 4_900.0)
    assert members(crowded(town), *lent) == set(lent)


def platform(*, deposit: float = 500.0, weekly: float = 300.0, paid: int = 24) -> Town:
    """A platform takes deposits at one account and pays ``paid`` workers from another, and one more, by the week.

    That one shares bills with ten of the others; friends pay him too.
    """
    town = Town()
    takes, pays = (town.account(f"gig-{what}@{bank}", customer_id="c:gig") for what, bank in (("in", "B1"), ("out", "B2")))
    who, one = town.people(24, "worker"), town.account("one@B3")
    for k, friend in enumerate(town.people(3, "friend")):
        town.pay(2 + k, friend, one, 1_500.0)
    for k, worker in enumerate(who):
        town.pay(1 + k % 5, worker, takes, 500.0)
        if k < paid:
            town.pay(10 + k % 5, pays, worker, 600.0)
        if k < 10:
            town.pay(33, one, worker, 60.0)
    if deposit:
        town.pay(1, one, takes, deposit)
    for week in range(4):
        town.pay(8 + 7 * week, pays, one, weekly)
    return crowded(town)


@pytest.mark.parametrize(
    ("story", "member"),
    [
        pytest.param({}, False, id="a courier who left a deposit and earns, and shares a bill with colleagues"),
        pytest.param({"deposit": 0.0}, True, id="an outlet that never paid in"),
        pytest.param({"weekly": 3_000.0}, True, id="who left a deposit, and is paid far more than all others"),
        pytest.param({"paid": 8}, True, id="where nobody can tell what others are paid"),
    ],
)
def test_who_paid_in_and_is_paid_like_the_others_is_fed_by_nobody(story: Story, member: bool) -> None:
    names = {"gig-in@B1", "gig-out@B2", "one@B3"}
    assert members(platform(**story), *names) == (names if member else names - {"one@B3"})


def part_of(accounts: Any) -> Part:
    some = np.ones(len(accounts), np.bool_)
    return Part(accounts, some, some, ~some, ~some)


def members_after_a_day(picture: Picture, was: Any, clusters: list[Any]) -> set[int]:
    """Who took part today in a scheme of these accounts, where they are so many clusters now."""
    before, told = picture.day - 1, [picture.accounts[a] for a in was.tolist()]
    scheme = OpenScheme("S", 1, before, ILLEGAL, None, "growing", [], before, {})
    scheme.members = {(one.institution_code, one.account_id): Membership(before, before, []) for one in told}
    following = Following(
        CATALOGUE.decision, GroupRules(), Engine(version="0", catalogue="c"), SchemeBook({scheme.scheme_id: scheme})
    )
    flows, returns, parts = Flows.of(picture), Returns.of(picture, was), [part_of(one) for one in clusters]
    for _ in following.follow(picture, flows, returns, parts, picture.day, picture.day - 13):
        pass
    return {picture.number[key] for key, member in scheme.members.items() if member.taking_part_on == picture.day}


def test_a_scheme_that_splits_goes_on_where_most_of_its_money_was_taken() -> None:
    town = Town()
    large = pair(town, "scheme", town.people(40), yuan=20_000.0)
    small = [town.account(f"coach{k}@{BANKS[k % 3]}") for k in range(4)]
    for k, pupil in enumerate(town.people(16, "pupil")):
        town.pay(1 + k, pupil, small[k % 4], 900.0)
    picture = picture_of(town)
    core, rest = numbers(picture, *large), numbers(picture, *small)
    for clusters in ([rest, core], [core, rest]):
        assert members_after_a_day(picture, np.sort(np.concatenate([core, rest])), clusters) == set(core.tolist())
    assert members_after_a_day(picture, np.sort(np.concatenate([core, rest])), [rest]) == set(rest.tolist())
