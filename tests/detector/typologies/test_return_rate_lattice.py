"""Return-rate lattice: payouts at few rates of what each payee had paid in, and payouts that only look alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "return_rate_lattice"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def principal(payer: int) -> int:
    """What a payer brought: all different, so that equal payouts are different rates."""
    return 10_000 + 1_000 * payer


def invested(payers: int = 40) -> Rows:
    """Everybody pays in on day 0."""
    return [row for p in range(payers) for row in paid_in(0, [p], principal(p))]


def at_rate(rate: float, payees: range, day: int = 10) -> Rows:
    """Each payee gets the rate of what it paid in."""
    return [row for p in payees for row in paid_out(day, [p], round(principal(p) * rate, 2))]


def spread(payees: range, start: float = 0.004, step: float = 1.2) -> Rows:
    """Each payee at a rate of its own, a fifth apart: no two within five per cent of one centre."""
    return [row for k, p in enumerate(payees) for row in at_rate(start * step**k, range(p, p + 1))]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(at_rate(0.01, range(10)), True, id="ten payees at one per cent"),
        pytest.param(at_rate(0.01, range(9)), False, id="nine payees"),
        pytest.param(at_rate(0.002, range(10)), True, id="the least rate"),
        pytest.param(at_rate(0.0019, range(10)), False, id="below the least rate"),
        pytest.param(at_rate(0.1, range(10)), True, id="the most interest of a period"),
        pytest.param(at_rate(0.11, range(10)), False, id="more than interest, less than principal"),
        pytest.param(at_rate(0.2, range(10)) + at_rate(0.2, range(10), day=17), True, id="a fifth, and a fifth again"),
        pytest.param(at_rate(0.31, range(10)) + at_rate(0.31, range(10), day=17), False, id="more than that, twice"),
        pytest.param(at_rate(1.002, range(10)), True, id="principal with the least interest"),
        pytest.param(at_rate(1.3, range(10)), True, id="principal with the most interest"),
        pytest.param(at_rate(1.31, range(10)), False, id="more than that"),
        pytest.param(at_rate(1.0, range(10)), False, id="exact refunds"),
        pytest.param(
            at_rate(0.01, range(4)) + at_rate(0.02, range(4, 7)) + at_rate(1.1, range(7, 10)),
            True,
            id="three rates hold ten payees",
        ),
        pytest.param(
            at_rate(0.01, range(3)) + at_rate(0.02, range(3, 6)) + at_rate(0.04, range(6, 9)) + at_rate(1.1, range(9, 12)),
            False,
            id="four rates of three payees each: three of them hold nine",
        ),
        pytest.param(at_rate(0.01, range(12)) + at_rate(0.5, range(12, 20)), True, id="twelve of twenty payees at the rate"),
        pytest.param(at_rate(0.01, range(12)) + at_rate(0.5, range(12, 21)), False, id="twelve of twenty-one"),
        pytest.param(at_rate(0.00955, range(5)) + at_rate(0.01045, range(5, 10)), True, id="within five per cent of one centre"),
        pytest.param(spread(range(15)), False, id="fifteen rates, a fifth apart"),
        pytest.param([row for p in range(15) for row in paid_out(10, [p], 150)], False, id="equal payouts whatever was paid in"),
        pytest.param(
            [row for p in range(100, 130) for row in paid_out(10, [p], 100 + p)], False, id="wages of people who never paid in"
        ),
    ],
)
def test_ten_payees_and_three_fifths_of_all_stand_at_three_rates(rows: Rows, fires: bool) -> None:
    assert heard(invested() + rows).fired == fires


def bought(*days: int, odd: int = 37) -> Rows:
    """Twelve dealers buy on these days, for sums that are so odd, and get two per cent of what they had bought on day 10."""
    sums = {p: {day: 10_000 + 1_000 * p + odd + 700 * day for day in days} for p in range(12)}
    buying = [row for p, one in sums.items() for day, yuan in one.items() for row in paid_in(day, [p], yuan)]
    paid = [
        row for p, one in sums.items() for row in paid_out(10, [p], 0.02 * sum(yuan for day, yuan in one.items() if day < 10))
    ]
    return buying + paid + paid_in(15, range(50, 56), 5_000)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(bought(0, 1, 12), False, id="who buys three times for odd sums has a rebate"),
        pytest.param(bought(0, 12), True, id="twice"),
        pytest.param(bought(0, 1, 12, odd=0), True, id="round sums are no prices"),
        pytest.param(bought(0, 1, 2), True, id="three instalments, and no more once returns come"),
        pytest.param(
            [row for day in (0, 1, 12) for row in paid_in(day, range(12), 2_960)]
            + paid_out(10, range(8), 118.4)
            + paid_out(10, range(8, 12), 118.5)
            + paid_in(15, range(50, 56), 5_000),
            True,
            id="one fee, whoever pays it again",
        ),
    ],
)
def test_rebates_to_dealers_are_no_lattice(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def tasks(price: float) -> Rows:
    """Twelve buy four times for odd sums and are given ``price`` of the first on day 2 and two per cent of all on day 10."""
    first = [row for p in range(12) for row in paid_out(2, [p], price * (10_037 + 1_000 * p))]
    return bought(0, 1, 3, 12) + first


@pytest.mark.parametrize(
    ("price", "fires"),
    [
        pytest.param(0.5, False, id="a part of their price"),
        pytest.param(3.0, True, id="more than half of all that they paid in"),
    ],
)
def test_who_is_paid_more_than_half_of_all_he_paid_in_has_no_rebate(price: float, fires: bool) -> None:
    assert heard(tasks(price)).fired == fires


def test_what_was_paid_in_later_does_not_move_the_rate() -> None:
    more = [row for p in range(10) for row in paid_in(12, [p], 3_333 * (p + 1))]
    assert heard(invested() + at_rate(0.01, range(10)) + more).fired


def test_it_says_the_rates_and_how_many_stand_at_them_and_shows_the_payouts() -> None:
    rows = invested() + at_rate(0.01, range(8), day=10) + at_rate(0.5, range(8, 10), day=11) + at_rate(1.1, range(10, 15), day=12)
    finding = heard(rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.8667, 0.6, "payout", "W90")
    assert finding.strength == round(0.5 + 0.5 * (13 / 15 - 0.6) / 0.4, 4)
    for number in ("13", "15", "86.7%", "60.0%", "1.0%", "110.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    payouts = [*(f"out-10-{p}" for p in range(8)), *(f"out-11-{p}" for p in (8, 9)), *(f"out-12-{p}" for p in range(10, 15))]
    assert finding.evidence == payouts


PURSE = invested(20) + at_rate(0.08, range(20))


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(PURSE, False, id="what is left of a common purse is given back to all"),
        pytest.param(PURSE + at_rate(0.08, range(5), day=17), True, id="and again to a quarter of them"),
        pytest.param(PURSE + [row for p in range(20, 25) for row in paid_in(13, [p], principal(p))], True, id="five more join"),
        pytest.param(PURSE + [row for p in range(20, 24) for row in paid_in(13, [p], principal(p))], False, id="four more join"),
        pytest.param(invested(20) + at_rate(0.08, range(15)), True, id="to three quarters of them"),
        pytest.param(
            invested(20) + at_rate(0.08, range(10)) + at_rate(0.08, range(10, 20), day=13), True, id="in the course of four days"
        ),
    ],
)
def test_a_purse_that_is_given_back_at_once_is_no_lattice(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_at_legal_scale_nothing_but_a_licence_explains_it() -> None:
    assert heard(invested(150) + at_rate(0.08, range(150))).fired


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} for row in invested()] + at_rate(0.01, range(15))
    assert (heard(nobody).fired, heard(nobody).not_evaluable) == (False, True)


FIRES = invested() + at_rate(0.01, range(10))
"""A story on which the typology fires, told again as wire JSON."""
