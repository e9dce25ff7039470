"""Periodic returns: payers who are paid alike at even intervals, and payouts that only look alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "periodic_returns"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def invested(payers: int = 10, day: int = 0) -> Rows:
    return paid_in(day, range(payers), 20_000)


def paid(days: Iterable[int] = (7, 14, 21), payees: Iterable[int] = range(10), **fields: Any) -> Rows:
    """Three hundred to each payee on each of the days."""
    people = list(payees)
    return [row for day in days for row in paid_out(day, people, 300, **fields)]


def amounts(*yuan: float) -> Rows:
    """Weekly payouts of these amounts, each to all ten."""
    return [row for k, money in enumerate(yuan) for row in paid_out(7 * k + 7, range(10), money)]


def every(step: int, times: int = 3) -> Sequence[int]:
    return range(step, step * times + 1, step)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(paid(), True, id="ten payees, three weeks"),
        pytest.param(paid(payees=range(9)), False, id="nine payees"),
        pytest.param(paid(every(7, 2)), False, id="two payouts"),
        pytest.param(paid_out(1, range(100, 123), 500) + paid(), True, id="ten of thirty-three payees"),
        pytest.param(paid_out(1, range(100, 124), 500) + paid(), False, id="ten of thirty-four"),
        pytest.param(amounts(300, 300, 365), True, id="amounts vary by less than a tenth"),
        pytest.param(amounts(300, 300, 372), False, id="by more than a tenth"),
        pytest.param(paid((7, 14, 28)), False, id="gaps of a week and of two"),
        pytest.param(paid((7, 15, 22, 30)), True, id="a day late every other week"),
        pytest.param(paid(batch_code="payroll"), False, id="by the institution's payroll batch"),
        pytest.param(paid(batch_code="dividend"), True, id="by a dividend batch, which a scheme may have too"),
        pytest.param(paid(payees=range(100, 120)), False, id="to people who never paid in"),
    ],
)
def test_ten_payers_and_three_tenths_of_all_payees_are_paid_evenly(rows: Rows, fires: bool) -> None:
    assert heard(invested() + rows).fired == fires


@pytest.mark.parametrize(("step", "period"), [(1, 1), (7, 7), (8, 7), (10, 10), (15, 15), (17, 15), (31, 30), (90, 90)])
def test_it_knows_the_intervals_that_schemes_promise(step: int, period: int) -> None:
    finding = heard(invested() + paid(every(step))).finding
    assert finding is not None
    assert f"{period}日一次" in finding.zh
    assert f"every {period} days" in finding.en


@pytest.mark.parametrize("step", [2, 4, 5, 18, 22])
def test_other_intervals_are_none_of_them(step: int) -> None:
    assert not heard(invested() + paid(every(step))).fired


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            paid_in(0, [1], 900_000, counterparty_kind="company") + paid(every(30), range(100, 130)), id="monthly wages"
        ),
        pytest.param(
            paid_out(0, range(10), 20_000) + invested(day=1) + paid(every(7), range(10)), id="loans that were paid out first"
        ),
        pytest.param(
            [row for month in range(3) for row in paid_in(30 * month, range(20), 3_000)] + paid_out(89, range(20), 3_000),
            id="rents and the deposits given back",
        ),
    ],
)
def test_ordinary_life_is_periodic_too(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_payees_interval_and_share_and_shows_the_payouts() -> None:
    finding = heard(invested(12) + paid_out(1, range(100, 108), 500) + paid(payees=range(12))).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.6, 0.3, "payout", "W90")
    assert (finding.strength, finding.coverage) == (0.75, 1.0)
    for number in ("12", "7", "60.0%", "30.0%", "90"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [*(f"out-14-{p}" for p in range(4, 12)), *(f"out-21-{p}" for p in range(12))]


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} for row in invested()]
    assert (heard(nobody + paid()).fired, heard(nobody + paid()).not_evaluable) == (False, True)


FIRES = invested() + paid()
"""A story on which the typology fires, told again as wire JSON."""
