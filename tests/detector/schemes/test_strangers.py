"""Persons who hold no account at an institution that reports: one account pays, another is paid, nobody can join the two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detector.schemes.flows import Flows
from detector.schemes.pruning import may_take_part
from detector.schemes.returns import Returns
from detector.schemes.trace import Trace
from tests.detector.schemes.pictures import measures_of, numbers, picture_of
from tests.detector.schemes.rings import BANKS, Town
from tests.detector.schemes.test_purses import accused_in, quiet
from tests.detector.schemes.test_schemes import found_in

Story = dict[str, Any]
TAKES, PAYS = "takes@B1", "pays@B2"


def one_firm(
    *,
    seen: int = 12,
    strangers: int = 24,
    only_paid: int = 0,
    same: bool = False,
    days: int = 20,
    new: int = 0,
    waiting: int = 0,
    holders: int = 1,
    yuan: float = 8_000.0,
) -> Town:
    """Investors pay one account of a firm and have a part back of its other one, ten and twenty days later.

    ``strangers`` pay from one account at a bank that reports nothing and are paid at another, which is the ``same`` or not;
    ``only_paid`` are at a bank that reports and paid nothing in; ``new`` strangers more come at the end; ``waiting`` at banks
    that report were not paid yet.
    """
    town = Town()
    for k, name in enumerate((TAKES, PAYS)):
        town.account(name, customer_id=f"c:firm{k % holders}", holder_kind="company")
    for k in range(seen + strangers):
        known = k % (1 + strangers // seen) == 0 if seen else False
        payer = town.account(f"investor{k}@{BANKS[k % 3]}") if known else f"from{k}@B9"
        at, paid = 1 + k * days // (seen + strangers), payer if known or same else f"to{k}@B9"
        town.pay(at, payer, TAKES, yuan)
        for turn in (1, 2):
            town.pay(at + 10 * turn, PAYS, paid, yuan * 0.05)
    for k in range(only_paid):
        town.pay(15, PAYS, town.account(f"supplier{k}@{BANKS[k % 3]}"), 700.0 + k)
    for k in range(waiting):
        town.pay(1, town.account(f"waits{k}@{BANKS[k % 3]}"), TAKES, yuan)
    for k in range(new):
        town.pay(days + 1 + k % 15, f"new{k}@B9", TAKES, yuan)
    return town


@pytest.mark.parametrize(
    ("story", "asked", "share"),
    [
        pytest.param({}, 12, 1.0, id="twelve who can be known speak for twenty-four strangers"),
        pytest.param({"seen": 8, "strangers": 16}, 8, 1.0, id="so do eight"),
        pytest.param({"seen": 7, "strangers": 14}, 21, 1 / 3, id="seven do not"),
        pytest.param({"seen": 0}, 24, 0.0, id="strangers alone: the share is of all"),
        pytest.param({"seen": 0, "same": True}, 24, 1.0, id="strangers whose one account is told of both sides"),
        pytest.param({"same": True, "only_paid": 20}, 56, 36 / 56, id="those who can be known say less: the share is of all"),
    ],
)
def test_strangers_are_left_out_of_the_share_where_eight_others_say_more(story: Story, asked: int, share: float) -> None:
    found = measures_of(one_firm(**story), TAKES, PAYS)
    assert found.asked == asked
    assert found.recip_n == pytest.approx(share)


@pytest.mark.parametrize(
    ("story", "share"),
    [
        pytest.param({}, 1.0, id="twelve who can be known"),
        pytest.param({"seen": 7, "strangers": 14}, 1 / 3, id="seven"),
        pytest.param({"same": True}, 1.0, id="strangers with one account"),
        pytest.param({"same": True, "waiting": 12}, 0.75, id="those who can be known say less: the share is of all"),
    ],
)
def test_strangers_whose_turn_has_come_are_left_out_where_eight_others_say_more(story: Story, share: float) -> None:
    assert measures_of(one_firm(**story), TAKES, PAYS).due_share == pytest.approx(share)


@pytest.mark.parametrize(
    ("story", "roles"),
    [
        pytest.param({"strangers": 36}, (True, True), id="a quarter can be known"),
        pytest.param({"seen": 7, "strangers": 28}, (False, False), id="seven can be known"),
        pytest.param({"strangers": 36, "only_paid": 30}, (True, False), id="most of those who can be known had paid nobody"),
        pytest.param({"seen": 0, "strangers": 36}, (False, False), id="strangers alone"),
        pytest.param({"seen": 0, "strangers": 36, "same": True}, (True, True), id="strangers with one account"),
    ],
)
def test_those_who_can_be_known_say_who_collects_and_who_pays(story: Story, roles: tuple[bool, bool]) -> None:
    picture = picture_of(one_firm(**{"days": 40, **story}))
    accounts = numbers(picture, TAKES, PAYS)
    collects, pays = Trace.of(picture, accounts).roles(np.ones(2, np.bool_), np.zeros(2, np.bool_))
    assert (bool(collects[0]), bool(pays[1])) == roles
    assert not collects[1]
    assert not pays[0]


@pytest.mark.parametrize(("seen", "able"), [pytest.param(12, True, id="twelve of sixty"), pytest.param(2, False, id="two")])
def test_a_circle_that_pays_strangers_is_looked_into_where_those_who_can_be_known_had_paid_in(seen: int, able: bool) -> None:
    picture = picture_of(one_firm(seen=seen, strangers=60 - seen, holders=2))
    accounts = numbers(picture, TAKES, PAYS)
    assert may_take_part(picture, Flows.of(picture), Returns.of(picture, accounts), accounts) == able


def test_a_firm_of_whose_investors_two_thirds_bank_elsewhere_stays_one_scheme_as_it_grows() -> None:
    found = found_in(quiet(one_firm(seen=16, strangers=32, days=25, new=30), days=60))
    [scheme] = found.last.values()
    assert scheme.status == "open"
    assert {one.account_id for one in scheme.members} == {f"a:{TAKES}", f"a:{PAYS}"} == accused_in(found)
