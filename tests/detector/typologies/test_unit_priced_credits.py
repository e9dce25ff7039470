"""Unit-priced credits: the largest unit that most credits share, and what just misses it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in

NAME = "unit_priced_credits"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def sold(credits: int = 20, payers: int = 15, unit: float = 2_800, odd: int = 0, **fields: Any) -> Rows:
    """``odd`` credits of no unit, then those of one unit over two days, the first payers paying again."""
    first, again = min(credits, payers), credits - min(credits, payers)
    rows = paid_in(0, range(odd), unit + 1.37, **fields)
    return rows + paid_in(1, range(first), unit, **fields) + paid_in(2, range(again), unit, **fields)


def others(payers: int) -> Rows:
    """Others who begin with other sums, before."""
    return [row for p in range(300, 300 + payers) for row in paid_in(0, [p], 3_111 + 13 * p)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(sold(), True, id="twenty credits of one unit from fifteen payers"),
        pytest.param(sold(credits=19), False, id="nineteen credits"),
        pytest.param(sold(payers=14), False, id="fourteen payers"),
        pytest.param(sold(odd=5), True, id="four fifths are multiples"),
        pytest.param(sold(odd=6), False, id="a little less than four fifths are"),
        pytest.param(sold(unit=500) + paid_in(3, range(20), 1_000), True, id="half of the credits are a thousand or more"),
        pytest.param(sold(credits=20, unit=500) + paid_in(3, range(19), 1_000), False, id="fewer than half are"),
        pytest.param(sold(credits=60, unit=88) + paid_in(3, range(20), 3_000), True, id="friends' small change besides"),
        pytest.param(sold(credits=60, unit=88) + paid_in(3, range(19), 3_000), False, id="nineteen beside small change"),
        pytest.param(
            paid_in(0, range(7), 3_111) + sold(credits=60, unit=88) + paid_in(3, range(24), 3_000), False, id="and some odd sums"
        ),
        pytest.param(sold(unit=1_100), True, id="one price, whatever it is"),
        pytest.param(others(3) + sold(unit=2_980), True, id="four fifths of the payers began with it"),
        pytest.param(others(4) + sold(unit=2_980), False, id="a little less than four fifths did"),
        pytest.param(
            [row for p in range(40) for row in paid_in(0, [p], 1_100 + 100 * (p % 2))], False, id="the common unit is a hundred"
        ),
        pytest.param(sold(unit=5_000, counterparty_kind="company"), False, id="companies pay"),
        pytest.param(sold()[:-1] + paid_in(31, [1], 2_800), False, id="the first credits are thirty days old"),
        pytest.param(sold()[:-1] + paid_in(30, [1], 2_800), True, id="the first credits are twenty-nine days old"),
        pytest.param(paid_in(0, range(200), 643.27), False, id="property fees by the square metre"),
        pytest.param(paid_in(0, range(80), 38) + paid_in(1, range(80), 12), False, id="lunches"),
    ],
)
def test_enough_payers_pay_multiples_of_one_unit(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    ("amounts", "unit"),
    [
        pytest.param((2_800,), "2,800", id="an entry fee"),
        pytest.param((5_000, 15_000), "5,000", id="fives"),
        pytest.param((10_000, 30_000), "10,000", id="tens"),
        pytest.param((3_800, 7_600), "3,800", id="a course"),
        pytest.param((1_500, 2_500), "500", id="halves"),
    ],
)
def test_the_largest_common_unit_is_the_one_that_is_told(amounts: tuple[int, ...], unit: str) -> None:
    rows = [row for day, yuan in enumerate(amounts) for row in paid_in(day, range(20), yuan)]
    finding = heard(rows).finding
    assert finding is not None
    assert f"为{unit}元的整数倍" in finding.zh
    assert f"multiples of {unit} yuan" in finding.en


def test_it_says_share_credits_and_payers_and_shows_the_credits() -> None:
    finding = heard(sold(odd=4)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.8333, 0.8, "amount", "W30")
    assert finding.strength == round(0.5 + 0.5 * (20 / 24 - 0.8) / 0.2, 4)
    for number in ("24", "83.3%", "80.0%", "2,800", "15"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [*(f"in-1-{p}" for p in range(7, 15)), *(f"in-2-{p}" for p in range(5))]


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = heard(sold(credits=30, unit=5_000, counterparty_id=None))
    assert (nobody.fired, nobody.not_evaluable) == (False, True)
    assert not heard(sold(credits=19)).not_evaluable


FIRES = sold()
"""A story on which the typology fires, told again as wire JSON."""


def slowly(*, large: int = 10, small: int = 10, weeks: int = 7) -> Rows:
    """Twenty credits over seven weeks, so many of 10,000 yuan and so many of 4,000."""
    sums = [10_000] * large + [4_000] * small
    return [row for k, yuan in enumerate(sums) for row in paid_in(k * 7 * weeks // len(sums), [k], yuan)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(slowly(), True, id="half of them large"),
        pytest.param(slowly(large=9, small=11), False, id="fewer large ones"),
        pytest.param(slowly(large=10, small=9), False, id="nineteen credits"),
        pytest.param(slowly() + [row for k in range(6) for row in paid_in(30, [50 + k], 7_777)], False, id="odd sums among them"),
    ],
)
def test_large_sums_that_come_slowly_are_counted_over_ninety_days(rows: Rows, fires: bool) -> None:
    found = heard(rows)
    assert found.fired == fires
    if found.finding is not None:
        assert "90日内20笔" in found.finding.zh
        assert "of 20 credits of 1,000 yuan and more within 90 days" in found.finding.en


def pieces(price: float, numbers: tuple[int, ...] = (1, 2, 3, 5), payers: int = 20, odd: int = 0) -> Rows:
    """So many payers buy so many pieces each, on ten days; ``odd`` others pay any sums."""
    bought = [row for p in range(payers) for row in paid_in(p % 10, [p], price * numbers[p % len(numbers)])]
    return bought + [row for p in range(odd) for row in paid_in(p % 10, [500 + p], 3_111 + 13.07 * p)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(pieces(1_980), True, id="a box of 1,980"),
        pytest.param(pieces(9_800, (1, 2, 3)), True, id="a machine of 9,800"),
        pytest.param(pieces(3_980, (2, 3, 5)), True, id="nobody buys one alone"),
        pytest.param(pieces(1_980.37), True, id="to the fen"),
        pytest.param(pieces(1_980, odd=5), True, id="four fifths are multiples"),
        pytest.param(pieces(1_980, odd=6), False, id="fewer are"),
        pytest.param(pieces(1_980, payers=19), False, id="nineteen credits"),
        pytest.param(pieces(1_980, payers=14) + pieces(1_980, payers=14), False, id="fourteen payers"),
        pytest.param(pieces(1_980) + paid_in(3, range(600, 700), 38.5), True, id="friends' small change besides"),
        pytest.param(pieces(990, (2, 3)), False, id="a unit of less than a thousand"),
        pytest.param(
            [row for p in range(40) for row in paid_in(p % 10, [p], (2_980, 3_680, 5_280, 4_380)[p % 4])],
            False,
            id="a price list",
        ),
        pytest.param([row for p in range(40) for row in paid_in(p % 10, [p], 2_000 + 37.13 * p)], False, id="no sum comes twice"),
    ],
)
def test_a_price_beyond_the_list_is_a_unit_too(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_it_says_the_price_and_whose_newest_credits_they_are() -> None:
    finding = heard(pieces(1_980, odd=5)).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (0.8, 0.8)
    for number in ("25", "80.0%", "1,980"):
        assert number in finding.zh, number
        assert number in finding.en, number


@pytest.mark.parametrize("shuffled", [1, 2, 3])
def test_the_price_does_not_depend_on_who_came_first(shuffled: int) -> None:
    rows = pieces(1_980, odd=4)
    mixed = random.Random(shuffled).sample(range(24), 24)
    renamed = [{**row, "counterparty_id": f"a:x{mixed[k]}"} for k, row in enumerate(rows)]
    again, first = heard(renamed).finding, heard(rows).finding
    assert first is not None
    assert again is not None
    assert (again.value, again.zh) == (first.value, first.zh)
