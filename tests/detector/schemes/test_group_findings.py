"""What a union of few payees must show: nearly all had paid in, several elsewhere; and the one rate of their round sums."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from detector.decision import ILLEGAL, OBSERVE
from detector.schemes.group_findings import Circle, GroupRules, _made, group_findings
from detector.schemes.grouping import LEAST_ABSORBED_MINOR
from detector.schemes.judging import _category
from detector.schemes.measures import Deposits, Measures, _one_rate

NO_DEPOSITS = Deposits(persons=0, days=0, typical=0.0, round_share=0.0, kinds=0, usual_share=0.0)
NOTHING: dict[str, Any] = {
    **{one.name: () if "tuple" in str(one.type) else 0 for one in dataclasses.fields(Measures)},
    "deposits": NO_DEPOSITS,
}


def measures(**values: Any) -> Measures:
    """Eight of twenty payers were paid back, five by an account that they had not paid; 100,000 yuan, which is no club's purse.

    All payees can be asked, and what each payer was paid can be a return, unless ``values`` say otherwise.
    """
    usual = {"payers": 20, "payees": 8, "returnees": 8, "crossed": 5, "absorbed": LEAST_ABSORBED_MINOR} | values
    return Measures(**{**NOTHING, "asked": usual["payees"], "repaid": usual["returnees"], **usual})


def found(*, subjects: int = 3, purposes: int = 0, **values: Any) -> set[str]:
    """Typologies that speak over a union with these measures."""
    made = measures(**values)
    circle = Circle(accounts=4, subjects=subjects, collecting=3, paying=1, passing=0, staff=0, purposes=purposes)
    return {one.typology.partition("@")[0] for one in group_findings(made, circle, GroupRules())}


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        pytest.param({}, True, id="eight payees, all of them payers, five paid elsewhere"),
        pytest.param({"payees": 7, "returnees": 7}, False, id="seven payees"),
        pytest.param({"payees": 10}, True, id="four in five had paid in"),
        pytest.param({"payees": 11}, False, id="fewer than four in five"),
        pytest.param({"crossed": 4}, False, id="four paid elsewhere"),
        pytest.param({"payers": 14}, False, id="fourteen payers"),
        pytest.param({"payees": 15, "crossed": 0}, True, id="half of fifteen, as before"),
    ],
)
def test_eight_payees_are_enough_where_nearly_all_had_paid_in(values: dict[str, int], fires: bool) -> None:
    assert ("payees_were_payers" in found(**values)) == fires


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        pytest.param({}, True, id="four of five at one rate of two round sums"),
        pytest.param({"at_one_rate": 3, "ratios": 3}, False, id="three"),
        pytest.param({"ratios": 6}, False, id="four of six"),
        pytest.param({"round_principals": 1}, False, id="all had brought the same sum"),
        pytest.param({"payers": 14}, False, id="fourteen payers"),
        pytest.param({"payees": 17}, False, id="fewer than half of the payees had paid in"),
    ],
)
def test_four_payouts_at_one_rate_of_different_round_sums_are_told(values: dict[str, int], fires: bool) -> None:
    assert ("returns_at_one_rate" in found(**{"at_one_rate": 4, "ratios": 5, "round_principals": 2, **values})) == fires


def test_the_one_rate_is_the_one_that_most_stand_at_and_round_sums_behind_it_are_counted_once() -> None:
    rates = np.array([0.02, 0.0101, 0.01, 0.0099, 0.03])
    principals = np.array([1_000_000, 500_000, 500_000, 1_234_567, 2_000_000])
    assert _one_rate(rates, principals) == (3, 1)
    assert _one_rate(rates[:0], principals[:0]) == (0, 0)


DEPOSITS = Deposits(persons=25, days=6, typical=500_000.0, round_share=0.7, kinds=5, usual_share=0.5)


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        pytest.param({}, True, id="twenty-five persons, six days, five round sums"),
        pytest.param({"persons": 24}, False, id="twenty-four persons"),
        pytest.param({"days": 5}, False, id="five days, as gifts come"),
        pytest.param({"typical": 499_999.0}, False, id="less than 5,000 typically"),
        pytest.param({"round_share": 0.65}, False, id="fewer than two thirds are round"),
        pytest.param({"kinds": 4}, False, id="four sums are a price list"),
        pytest.param({"usual_share": 0.51}, False, id="one usual price"),
    ],
)
def test_twenty_five_new_persons_bring_linked_accounts_sums_of_their_own_choice(values: dict[str, Any], fires: bool) -> None:
    deposits = dataclasses.replace(DEPOSITS, **values)
    assert ("deposit_taking" in found(deposits=deposits)) == fires


def test_an_account_whose_type_says_for_whom_it_collects_takes_no_deposits() -> None:
    assert "deposit_taking" not in found(deposits=DEPOSITS, purposes=1)


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        pytest.param({}, True, id="fifteen newcomers on six days, three paid again"),
        pytest.param({"new_30d": 14}, False, id="fourteen"),
        pytest.param({"join_days": 5}, False, id="on five days"),
        pytest.param({"paid_again": 2}, False, id="two paid again"),
        pytest.param({"payees": 17}, False, id="fewer than half of the payees had paid in"),
    ],
)
def test_newcomers_keep_coming_to_linked_accounts_while_earlier_payers_are_paid_again(
    values: dict[str, int], fires: bool
) -> None:
    assert ("newcomers_fund_returns" in found(**{"new_30d": 15, "join_days": 6, "paid_again": 3, **values})) == fires


@pytest.mark.parametrize(
    ("subjects", "crossed", "linked"),
    [
        pytest.param(1, 3, True, id="one holder takes here and pays back there"),
        pytest.param(1, 2, False, id="one holder has two accounts"),
        pytest.param(3, 0, True, id="three holders, nobody paid back yet"),
        pytest.param(2, 9, False, id="two holders, nine paid back elsewhere"),
    ],
)
def test_two_accounts_of_one_holder_are_no_network_of_themselves(subjects: int, crossed: int, linked: bool) -> None:
    shown = found(subjects=subjects, crossed=crossed, payees=15, payers=40)
    assert ("linked_accounts" in shown) == linked


@pytest.mark.parametrize(
    ("families", "crossed", "category"),
    [
        pytest.param(("structure", "network", "amount"), 2, OBSERVE, id="one price, handed on: sellers"),
        pytest.param(("structure", "network", "amount"), 3, ILLEGAL, id="and three were paid back elsewhere"),
        pytest.param(("structure", "network", "text"), 0, ILLEGAL, id="their words or sums say what it is"),
        pytest.param(("structure", "network", "identity"), 0, ILLEGAL, id="most are old"),
    ],
)
def test_a_network_alone_accuses_nobody_before_anybody_was_paid_back(
    families: tuple[str, ...], crossed: int, category: int
) -> None:
    spoken = [_made(f"any_{family}", family, "W30", 1, 1, 0.5, "一", "one") for family in families]
    assert _category(measures(crossed=crossed, payees=0, returnees=0), spoken, GroupRules()) == category


@pytest.mark.parametrize(
    ("absorbed", "new_30d", "category"),
    [
        pytest.param(LEAST_ABSORBED_MINOR - 1, 3, OBSERVE, id="a club's purse to which hardly anybody comes"),
        pytest.param(LEAST_ABSORBED_MINOR, 3, ILLEGAL, id="100,000 yuan"),
        pytest.param(LEAST_ABSORBED_MINOR - 1, 4, ILLEGAL, id="a fifth of all came within thirty days"),
    ],
)
def test_a_small_purse_to_which_hardly_anybody_comes_is_looked_at(absorbed: int, new_30d: int, category: int) -> None:
    spoken = [_made(f"any_{family}", family, "W30", 1, 1, 1.0, "一", "one") for family in ("payout", "network", "amount")]
    assert _category(measures(absorbed=absorbed, new_30d=new_30d), spoken, GroupRules()) == category


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        pytest.param({}, True, id="half of forty payees"),
        pytest.param({"repaid": 19}, False, id="of twenty who had paid in one earned what he was paid"),
        pytest.param({"asked": 20}, True, id="all of twenty who can be asked"),
        pytest.param({"asked": 14, "repaid": 11, "crossed": 4}, False, id="eleven of fourteen who can be asked"),
        pytest.param({"asked": 7, "repaid": 7}, False, id="seven of seven who can be asked"),
    ],
)
def test_the_share_is_of_those_who_can_be_asked_and_counts_what_can_be_returns(values: dict[str, int], fires: bool) -> None:
    assert ("payees_were_payers" in found(**{"payers": 40, "payees": 40, "returnees": 20, **values})) == fires


def test_customers_and_earners_are_given_no_returns() -> None:
    values = {"payers": 40, "payees": 20, "returnees": 20, "new_30d": 15, "join_days": 6, "paid_again": 3}
    values |= {"on_lattice": 18, "ratios": 20}
    silent = {"payees_were_payers", "newcomers_fund_returns", "return_rate_lattice"}
    assert found(**values) & silent == silent
    assert found(**values, customers=True) & silent == set()
