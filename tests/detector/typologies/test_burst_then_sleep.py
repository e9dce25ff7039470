"""Burst, sleep, reuse: a short first use, a long silence and much money again; and accounts that merely rest."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.detector.stories import MONDAY, Heard, hear, paid_in, paid_out

NAME = "burst_then_sleep"
Rows = list[dict[str, Any]]
ABOUT: Final = {"opened_on": MONDAY}


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows, **ABOUT)


def first(payers: int = 10, until: int = 30, last: float = 50_000) -> Rows:
    """The account's first spell: a hundred thousand from few or many, then out again in two parts."""
    into = paid_in(0, range(1, payers), 10_000) + paid_in(0, [0], 100_000 - 10_000 * (payers - 1))
    return into + paid_out(15, [50], 50_000) + paid_out(until, [50], last)


def again(day: int = 60, yuan: float = 100_000) -> Rows:
    """Money comes and goes on one day."""
    return paid_in(day, [0], 100_000) + paid_out(day, [50], yuan)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(first() + again(), True, id="thirty days of use, thirty of sleep, used again"),
        pytest.param(first(until=31) + again(61), False, id="thirty-one days of use"),
        pytest.param(first() + again(59), False, id="twenty-nine days of sleep"),
        pytest.param(first(payers=9) + again(), False, id="nine payers"),
        pytest.param(first(last=49_999.99) + again(), False, id="a cent less moved at first"),
        pytest.param(first() + again(yuan=99_999.99), False, id="a cent less moves now"),
        pytest.param(first(), False, id="never used again"),
        pytest.param(first() + paid_in(60, [0], 10) + again(89), True, id="the money comes on the thirtieth day after waking"),
        pytest.param(
            first() + paid_in(60, [0], 10) + paid_in(75, [0], 10) + again(90), False, id="the money comes a day later than that"
        ),
    ],
)
def test_a_short_use_a_sleep_and_much_money_again(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_what_moved_on_waking_is_not_taken_for_the_first_spell() -> None:
    small = paid_in(0, range(10), 50) + paid_in(0, [20], 50_000, counterparty_kind="company")
    assert not heard(small + again(60) + paid_in(75, [0], 10) + again(90)).fired


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [r for d in range(0, 90, 15) for r in paid_in(d, range(12), 10_000) + paid_out(d, [50], 100_000)],
            id="a landlord's account that never sleeps",
        ),
        pytest.param(
            paid_in(0, range(60), 1_000) + paid_out(1, [50], 55_000) + paid_in(100, [1], 200) + paid_out(101, [2], 300),
            id="wedding gifts, the banquet, and a household's small change in summer",
        ),
        pytest.param(
            paid_in(0, [1], 500_000) + paid_out(3, [2], 490_000) + paid_in(80, [1], 500_000) + paid_out(81, [2], 490_000),
            id="a flat paid in two parts",
        ),
    ],
)
def test_ordinary_accounts_rest_too(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_use_sleep_and_money_and_shows_movements_of_both_spells() -> None:
    finding = heard(first(until=28) + again(70, 120_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (42.0, 30.0, "structure", "W30")
    assert (finding.strength, finding.coverage) == (round(0.5 + 0.5 * 20_000 / 3_800_000, 4), 1.0)
    for number in ("28", "42", "30", "220,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    # Events are remembered once a day has brought in fifty thousand.
    credits = [*(f"in-0-{p}" for p in range(4, 10)), "in-70-0"]
    assert sorted(finding.evidence) == sorted([*credits, "out-15-50", "out-28-50", "out-70-50"])


def test_where_nobody_knows_when_it_was_opened_it_cannot_be_judged() -> None:
    unknown = hear(NAME, first() + again())
    assert (unknown.fired, unknown.not_evaluable) == (False, True)


FIRES = first() + again()
"""A story on which the typology fires, told again as wire JSON; it needs the account's profile."""
