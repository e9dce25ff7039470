"""What a union of few payees must show: nearly all had paid in, several elsewhere; and the one rate of their round sums."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from detector.schemes.group_findings import Circle, GroupRules, group_findings
from detector.schemes.measures import Measures, _one_rate

NOTHING = {one.name: () if "tuple" in str(one.type) else 0 for one in dataclasses.fields(Measures)}


def found(**values: Any) -> set[str]:
    """Typologies that speak over a union with these measures."""
    made = Measures(**{**NOTHING, "payers": 20, "payees": 8, "returnees": 8, "crossed": 5, **values})
    circle = Circle(accounts=4, subjects=3, collecting=3, paying=1, passing=0, staff=0)
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
