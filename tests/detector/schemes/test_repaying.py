"""Payments to those who paid in that are no returns: earnings, what was not used of a fee, a part of prices, a shared bill."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detector.schemes.repaying import are_earners, can_be_returns
from tests.detector.schemes.pictures import measures_of, union_of
from tests.detector.schemes.rings import BANKS, Town

Story = dict[str, Any]


@pytest.mark.parametrize(
    ("paid_in", "paid_out", "times", "began_with", "returns"),
    [
        pytest.param(500, 1_500, 6, 500, True, id="three times what he brought"),
        pytest.param(500, 1_501, 6, 500, False, id="more: a deposit, and wages"),
        pytest.param(1_000, 30, 1, 1_000, True, id="interest"),
        pytest.param(1_000, 500, 1, 1_000, True, id="half of it"),
        pytest.param(1_000, 501, 1, 1_000, False, id="more than half and not all, once: what he has not used"),
        pytest.param(1_000, 999, 1, 1_000, False, id="all but a fee"),
        pytest.param(1_000, 1_000, 1, 1_000, True, id="all"),
        pytest.param(1_000, 1_080, 1, 1_000, True, id="all, with interest"),
        pytest.param(1_000, 700, 2, 1_000, True, id="more than half in two payments"),
        pytest.param(5_000, 700, 1, 1_000, False, id="more than half of the first of his fees"),
    ],
)
def test_what_a_payer_is_paid_can_be_a_return(paid_in: int, paid_out: int, times: int, began_with: int, returns: bool) -> None:
    found = can_be_returns(*(np.array([one]) for one in (paid_in, paid_out, times, began_with)))
    assert found.tolist() == [returns]


def shop(
    *,
    buyers: int = 40,
    again: int = 40,
    turns: int = 1,
    price: float = 123.0,
    step: float = 1.0,
    back: float = 0.1,
    later: int = 9,
    round_sums: int = 0,
    dear: int = 0,
) -> Town:
    """Buyers pay a shop's one account, are given a part of the price from its other one, and ``again`` of them buy again.

    That is so many days ``later``; ``round_sums`` persons more bring 5,000 yuan and are paid 100; ``dear`` of the buyers are
    paid a twentieth more than they paid.
    """
    town = Town()
    town.account("shop@B1", customer_id="c:shop", holder_kind="company")
    town.account("rebates@B2", customer_id="c:shop", holder_kind="company")
    for k, buyer in enumerate(town.people(buyers, "buyer")):
        yuan = price + step * k
        town.pay(1 + k % 20, buyer, "shop@B1", yuan)
        for turn in range(turns):
            town.pay(3 + k % 20 + turn, "rebates@B2", buyer, yuan * 1.05 if k < dear else yuan * back + 20)
        if k < again:
            town.pay(1 + later + k % 20, buyer, "shop@B1", yuan + 7)
    for k, person in enumerate(town.people(round_sums, "saver")):
        town.pay(1 + k % 20, person, "shop@B1", 5_000.0)
        town.pay(3 + k % 20, "rebates@B2", person, 100.0)
    return town


@pytest.mark.parametrize(
    ("story", "customers"),
    [
        pytest.param({}, True, id="odd prices, bought again"),
        pytest.param({"again": 14}, True, id="a third has bought again so far"),
        pytest.param({"again": 13}, False, id="fewer"),
        pytest.param({"later": 1}, False, id="again before they were paid"),
        pytest.param({"round_sums": 26}, True, id="six tenths of those paid began with odd prices"),
        pytest.param({"round_sums": 27}, False, id="fewer did"),
        pytest.param({"price": 1_000.0, "step": 500.0}, False, id="round sums: he brings what he has"),
        pytest.param({"turns": 3}, False, id="paid oftener than they pay"),
        pytest.param({"step": 0.0}, False, id="one price is a fee"),
        pytest.param({"back": 0.4}, True, id="three tenths of all prices"),
        pytest.param({"back": 0.6}, False, id="more"),
        pytest.param({"dear": 7}, True, id="some are paid more than the price"),
        pytest.param({"dear": 8}, False, id="a fifth are: they do tasks"),
    ],
)
def test_who_is_given_a_part_of_prices_and_buys_again_is_a_customer(story: Story, customers: bool) -> None:
    town = shop(**story)
    assert measures_of(town, "shop@B1", "rebates@B2").customers == customers


def test_nobody_who_was_paid_nothing_is_a_customer() -> None:
    town = Town()
    shop_only = town.account("shop@B1", holder_kind="company")
    for k, buyer in enumerate(town.people(20, "buyer")):
        town.pay(k, buyer, shop_only, 123.0 + k)
    assert not measures_of(town, shop_only).customers


@pytest.mark.parametrize(
    ("ratios", "from_firms", "once", "earners"),
    [
        pytest.param((0.4, 0.9, 0.05, 1.1), 100, 2, True, id="half is neither interest nor principal, and firms brought it all"),
        pytest.param((0.4, 0.9, 0.05, 1.1), 99, 2, False, id="firms brought less than was paid"),
        pytest.param((0.4, 0.05, 0.05, 1.1), 100, 2, False, id="most is interest, or principal with it"),
        pytest.param((0.3, 1.0), 100, 2, False, id="three tenths is a rate, and all is all"),
        pytest.param((), 100, 2, False, id="nobody was paid"),
        pytest.param((0.4, 0.9, 0.05, 1.1), 100, 1, False, id="most paid in again and again"),
    ],
)
def test_who_is_paid_what_firms_bring_and_no_rate_of_a_deposit_earns_it(
    ratios: tuple[float, ...], from_firms: int, once: int, earners: bool
) -> None:
    paid = SimpleNamespace(
        paid_out=np.array([25, 25, 25, 25]),
        paid_in=np.array([50, 50, 50, 50]),
        credits=np.array([1] * once + [3] * (4 - once)),
        debits=np.array([2, 2, 2, 2]),
        payer=np.ones(4, np.bool_),
        returnee=np.ones(4, np.bool_),
    )
    assert are_earners(paid, np.array(ratios), from_firms) == earners


def test_a_payer_who_brings_it_all_and_is_paid_nothing_is_such_a_firm_where_nobody_tells_kinds() -> None:
    def platform(brings: int, is_paid: int) -> SimpleNamespace:
        return SimpleNamespace(
            paid_out=np.array([50, 50, is_paid]),
            paid_in=np.array([100, 100, brings]),
            credits=np.array([1, 1, 9]),
            debits=np.array([2, 2, is_paid]),
            payer=np.ones(3, np.bool_),
            returnee=np.array([True, True, is_paid > 0]),
        )

    assert are_earners(platform(100, 0), np.array([0.4, 0.5]), 0)
    assert not are_earners(platform(99, 0), np.array([0.4, 0.5]), 0)
    assert not are_earners(platform(200, 1), np.array([0.4, 0.5]), 0)


def gigs(*, workers: int = 30, firms: float = 1.0, weeks: int = 5, seed: int = 1) -> Town:
    """Workers leave 500 yuan at one account of a platform and are paid by the week from another what firms pay it.

    ``firms`` pay so much of it.
    """
    town = Town(seed)
    town.account("platform@B1", customer_id="c:platform", holder_kind="company")
    town.account("wallet@B2", customer_id="c:platform", holder_kind="company")
    client = town.account("client@B3", holder_kind="company")
    paid = 0.0
    for k, worker in enumerate(town.people(workers, "worker")):
        town.pay(k * 20 // workers, worker, "platform@B1", 500.0)
        for week in range(weeks):
            yuan = float(town.rng.integers(160, 440))
            paid += yuan
            town.pay(k * 20 // workers + 5 + 7 * week, "wallet@B2", worker, yuan)
    for week in range(6):
        town.pay(3 + 7 * week, client, "wallet@B2", round(paid * firms / 6 + 1, 2), counterparty_kind="company")
    return town


@pytest.mark.parametrize(
    ("firms", "earn"), [pytest.param(1.0, True, id="firms bring all"), pytest.param(0.9, False, id="firms bring nine tenths")]
)
def test_a_platforms_workers_earn_what_firms_pay_it(firms: float, earn: bool) -> None:
    assert measures_of(gigs(firms=firms), "platform@B1", "wallet@B2").customers == earn


@pytest.mark.parametrize(("weeks", "back"), [pytest.param(2, 30, id="two weeks"), pytest.param(12, 0, id="twelve weeks")])
def test_who_was_paid_more_than_three_times_his_deposit_was_paid_nothing_back(weeks: int, back: int) -> None:
    found = measures_of(gigs(weeks=weeks, firms=0.0), "platform@B1", "wallet@B2")
    assert (found.returnees, found.repaid, found.paid_again) == (30, back, back)


def test_what_a_member_brings_no_firm_brings() -> None:
    town = gigs(firms=0.0)
    operator = town.account("operator@B3", holder_kind="company")
    for week in range(6):
        town.pay(3 + 7 * week, operator, "wallet@B2", 20_000.0)
    assert measures_of(town, "platform@B1", "wallet@B2").customers
    assert not measures_of(town, "platform@B1", "wallet@B2", operator).customers


def test_what_a_firm_was_sent_back_it_did_not_bring() -> None:
    town = gigs()
    for week in range(6):
        town.pay(4 + 7 * week, "wallet@B2", "client@B3", 500.0)
    assert not measures_of(town, "platform@B1", "wallet@B2").customers


@pytest.mark.parametrize(("each", "payees"), [(9.99, 0), (10.0, 12)])
def test_who_was_paid_less_than_twenty_yuan_in_all_is_no_payee(each: float, payees: int) -> None:
    town = Town()
    names = [town.account(f"till{k}@{BANKS[k]}") for k in range(2)]
    for k, person in enumerate(town.people(12)):
        town.pay(1 + k, person, names[0], 300.0)
        for turn in (1, 2):
            town.pay(3 + k + turn, names[1], person, each)
    union = union_of(town, *names)
    assert (int(union.payee.sum()), int(union.returnee.sum())) == (payees, payees)
