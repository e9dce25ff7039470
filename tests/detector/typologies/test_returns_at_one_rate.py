"""Returns at one rate: the first payees of a small scheme, and discounts, gifts and shared purses that look alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "returns_at_one_rate"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def principal(payer: int) -> int:
    """What a payer brought: round, and another sum than his neighbour's."""
    return 10_000 + 5_000 * (payer % 4)


def invested(payers: range = range(18), day: int = 0) -> Rows:
    return [row for p in payers for row in paid_in(day, [p], principal(p))]


def returned(rate: float, payees: range, day: int = 10) -> Rows:
    return [row for p in payees for row in paid_out(day, [p], round(principal(p) * rate, 2))]


JOINED = invested(range(18, 21), day=11)
"""Three more who come after the first were paid."""


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(invested() + returned(0.015, range(3)) + JOINED, True, id="three payees at one rate, and it goes on"),
        pytest.param(invested() + returned(0.015, range(2)) + JOINED, False, id="two payees"),
        pytest.param(invested() + returned(1.05, range(3)) + JOINED, True, id="principal with interest"),
        pytest.param(invested() + returned(0.4, range(3)) + JOINED, False, id="no rate of a period"),
        pytest.param(
            invested() + returned(0.015, range(2)) + returned(0.0155, range(2, 4)) + JOINED, False, id="three per cent apart"
        ),
        pytest.param(invested() + returned(0.015, range(3)), False, id="nobody has joined since, nobody was paid twice"),
        pytest.param(
            invested() + returned(0.015, range(3)) + returned(0.015, range(3), day=17), True, id="the same ones are paid again"
        ),
        pytest.param(invested(range(11)) + returned(0.015, range(3)) + JOINED, False, id="fourteen payers"),
        pytest.param(invested() + returned(0.015, range(0, 12, 4)) + JOINED, False, id="all of them had brought the same sum"),
        pytest.param(
            invested() + returned(0.015, range(3)) + paid_out(10, range(50, 54), 900) + JOINED,
            False,
            id="most payees never paid in",
        ),
        pytest.param(
            invested() + returned(0.015, range(4)) + paid_out(10, range(50, 60), 900) + JOINED,
            True,
            id="four at one rate, whomever else the account pays",
        ),
        pytest.param(
            invested(range(10))
            + [row for p in range(30, 40) for row in paid_in(1, [p], 180)]
            + returned(0.015, range(5))
            + paid_out(10, range(50, 60), 900)
            + JOINED,
            False,
            id="a family that lends, among friends who share bills",
        ),
        pytest.param(
            invested() + returned(0.015, range(4)) + returned(0.025, range(4, 6)) + returned(0.04, range(6, 8)) + JOINED,
            True,
            id="four of eight, whose terms differ",
        ),
        pytest.param(
            invested() + returned(0.015, range(4)) + returned(0.025, range(4, 6)) + returned(0.04, range(6, 9)) + JOINED,
            False,
            id="four of nine",
        ),
        pytest.param(
            [row for p in range(18) for row in paid_in(0, [p], 3_499 + 811 * (p % 4))]
            + [row for p in range(3) for row in paid_out(10, [p], round((3_499 + 811 * (p % 4)) * 0.05, 2))]
            + JOINED,
            False,
            id="a discount on prices that are not round",
        ),
        pytest.param(invested() + returned(0.2, range(3)) + JOINED, False, id="a fifth, once"),
        pytest.param(
            invested() + returned(0.2, range(3)) + returned(0.2, range(3), day=17) + JOINED, True, id="a fifth, and again"
        ),
    ],
)
def test_three_payees_stand_at_one_rate_of_different_round_sums(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_the_reference_is_that_of_the_way_in() -> None:
    nearly_all = heard(invested() + returned(0.015, range(3)) + JOINED).finding
    half = heard(
        invested() + returned(0.015, range(4)) + returned(0.025, range(4, 6)) + returned(0.04, range(6, 8)) + JOINED
    ).finding
    assert nearly_all is not None
    assert half is not None
    assert (nearly_all.value, nearly_all.threshold) == (1.0, 0.75)
    assert (half.value, half.threshold) == (0.5, 0.5)
    assert "参考线50.0%" in half.zh


SUMS = (5_000, 10_000, 20_000, 8_000, 30_000, 15_000)


def chosen(payers: int = 15, *, sums: tuple[int, ...] = SUMS) -> Rows:
    """New persons, two a day, each with one of the sums."""
    return [row for p in range(payers) for row in paid_in(p // 2, [p], sums[p % len(sums)])]


def two_returned(rate: float = 0.015, *, sums: tuple[int, ...] = SUMS) -> Rows:
    return [row for day in (9, 11) for p in (0, 1) for row in paid_out(day, [p], round(sums[p] * rate, 2))]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(chosen() + two_returned() + paid_in(12, [40], 12_000), True, id="two of two, among fifteen depositors"),
        pytest.param(chosen() + two_returned() + paid_in(12, [40], 12_000) + paid_out(12, [3], 700), True, id="two of three"),
        pytest.param(
            chosen() + two_returned() + paid_in(12, [40], 12_000) + paid_out(12, [3], 700) + paid_out(12, [4], 1_300),
            False,
            id="two of four",
        ),
        pytest.param(chosen(13) + two_returned() + paid_in(12, [40], 12_000), False, id="fourteen depositors"),
        pytest.param(
            chosen(sums=tuple(one + 137 for one in SUMS)) + two_returned(sums=tuple(one + 137 for one in SUMS)),
            False,
            id="what they brought is not round",
        ),
        pytest.param(chosen(sums=SUMS[:4]) + two_returned(), False, id="four sums are a price list"),
        pytest.param(chosen() + two_returned()[:2], False, id="it does not go on"),
    ],
)
def test_two_payees_are_enough_where_what_comes_in_looks_like_deposits(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def came_again(day: int, payers: range, yuan: int) -> Rows:
    return [{**row, "event_id": f"again-{row['event_id']}"} for row in paid_in(day, payers, yuan)]


@pytest.mark.parametrize(
    ("paid_on", "fires"),
    [
        pytest.param(principal, True, id="what they brought first"),
        pytest.param(lambda _: 40_000, True, id="what they brought last"),
        pytest.param(lambda _: 33_000, False, id="neither"),
    ],
)
def test_who_came_again_is_paid_on_each_of_his_payments(paid_on: Any, fires: bool) -> None:
    again = came_again(5, range(4, 7), 40_000) + [row for p in range(4, 7) for row in paid_out(10, [p], paid_on(p) * 0.015)]
    assert heard(invested() + again + returned(0.015, range(2)) + JOINED).fired == fires


def test_it_says_payees_rate_and_who_joined_since() -> None:
    finding = heard(invested() + returned(0.015, range(4)) + JOINED).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (1.0, 0.75, "payout")
    for number in ("4", "100.0%", "75.0%", "21", "3"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [f"out-10-{p}" for p in range(4)]


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} for row in invested()] + returned(0.015, range(15))
    assert (heard(nobody).fired, heard(nobody).not_evaluable) == (False, True)


FIRES = invested() + returned(0.015, range(5)) + JOINED
"""A story on which the typology fires, told again as wire JSON."""
