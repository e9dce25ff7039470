"""Levels of a pyramid are exact parts of one fee; what is near a part by chance is none."""

from __future__ import annotations

from typing import Any

import pytest

from detector.schemes.group_findings import Circle, GroupRules, group_findings
from tests.detector.schemes.pictures import measures_of
from tests.detector.schemes.rings import Town


def fees(*parts: float, by: str = "person", **fields: Any) -> Town:
    """Forty pay 3,800 yuan to one of two accounts; the first are each paid so many parts of it from the other, ``by``'s."""
    town = Town()
    takes, pays = town.account("fees@B1"), town.account("bonus@B2", holder_kind=by)
    for k, person in enumerate(town.people(40)):
        town.pay(1 + k % 15, person, takes, 3_800.0)
        if k < len(parts):
            town.pay(20, pays, person, round(3_800.0 * parts[k], 2), **fields)
    return town


@pytest.mark.parametrize(
    ("parts", "steps", "on_steps"),
    [
        pytest.param((0.2, 0.1, 0.06) * 3, (0.06, 0.1, 0.2), 9, id="three levels, paid three times each"),
        pytest.param((0.2, 0.1, 0.06) * 2, (), 0, id="paid twice each"),
        pytest.param((0.199, 0.2, 0.201) * 2, (0.2,), 6, id="within one in a hundred"),
        pytest.param(
            (0.2, 0.206, 0.212, 0.1, 0.103, 0.106, 0.06, 0.062, 0.064), (), 0, id="near three parts, as shared bills are"
        ),
        pytest.param((0.2,) * 5 + (0.1,) * 3 + (0.06,) * 2, (0.1, 0.2), 8, id="a level paid twice is none yet"),
    ],
)
def test_levels_are_exact_parts_of_the_fee_paid_three_times(
    parts: tuple[float, ...], steps: tuple[float, ...], on_steps: int
) -> None:
    found = measures_of(fees(*parts), "fees@B1", "bonus@B2")
    assert (found.steps, found.on_steps) == (steps, on_steps)


WAGES = (1.1, 1.23, 1.37, 0.947, 1.6, 1.74, 1.05, 1.31, 2.0, 1.12, 1.48, 1.9)
"""What a month is paid, over the fee of a course that one has taken: no part of it."""


@pytest.mark.parametrize(
    ("parts", "fires"),
    [
        pytest.param((0.2, 0.1, 0.06) * 4, True, id="three levels, called wages"),
        pytest.param((0.2, 0.1) * 6, False, id="two levels"),
        pytest.param(WAGES, False, id="wages, which are no part of the fee"),
    ],
)
def test_levels_that_a_firm_pays_by_its_payroll_are_a_pyramids(parts: tuple[float, ...], fires: bool) -> None:
    found = measures_of(fees(*parts, by="company", batch_code="payroll"), "fees@B1", "bonus@B2")
    circle = Circle(accounts=2, subjects=2, collecting=1, paying=1, passing=0, staff=0, purposes=0)
    said = {one.typology.partition("@")[0] for one in group_findings(found, circle, GroupRules())}
    assert (found.returnees, found.paid_later, found.paid_apart) == (0, 12, 12)
    assert ("pyramid_levels" in said) == fires
