"""Levels of a pyramid are exact parts of one fee; what is near a part by chance is none."""

from __future__ import annotations

import pytest

from tests.detector.schemes.pictures import measures_of
from tests.detector.schemes.rings import Town


def fees(*parts: float) -> Town:
    """Forty pay 3,800 yuan to one of two accounts; of the first each is paid so many parts of the fee from the other."""
    town = Town()
    takes, pays = town.account("fees@B1"), town.account("bonus@B2")
    for k, person in enumerate(town.people(40)):
        town.pay(1 + k % 15, person, takes, 3_800.0)
        if k < len(parts):
            town.pay(20, pays, person, round(3_800.0 * parts[k], 2))
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
