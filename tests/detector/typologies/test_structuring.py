"""Structuring: cash of one direction just below 50,000 yuan, three times on a day or on three days in a row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.shards import movement
from tests.detector.stories import Heard, hear, on, paid_in, paid_out

NAME = "structuring"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def handed_in(day: int, *yuan: float, **fields: Any) -> Rows:
    """Cash paid in at the counter, one movement an amount; events are called ``in-<day>-<place>``."""
    cash = {"kind": "cash", "counterparty_id": None, **fields}
    return [row for k, money in enumerate(yuan) for row in paid_in(day, [k], money, **cash)]


def drawn(day: int, *yuan: float, **fields: Any) -> Rows:
    """Cash drawn."""
    cash = {"kind": "cash", "counterparty_id": None, **fields}
    return [row for k, money in enumerate(yuan) for row in paid_out(day, [k], money, **cash)]


# A day with a large inflow, so that the account is looked at whatever cash there is.
LOOKED_AT = paid_in(0, [9], 60_000)
TAKEN_BACK = [movement("back", f"{on(1)}T16:00", 45_000, kind="cash", counterparty_id=None, reversal_of="in-1-2")]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(handed_in(1, 49_000, 48_000, 49_500), True, id="three on a day"),
        pytest.param(drawn(1, 49_000, 48_000, 49_500), True, id="drawn instead of handed in"),
        pytest.param(handed_in(1, 49_000, 48_000), False, id="two on a day"),
        pytest.param(handed_in(1, 49_000, 48_000) + drawn(1, 49_000), False, id="two handed in and one drawn"),
        pytest.param(handed_in(1, 40_000, 40_000, 40_000), True, id="just at eighty hundredths of the line"),
        pytest.param(handed_in(1, 40_000, 40_000, 39_999.99), False, id="a cent below that"),
        pytest.param(handed_in(1, 49_999.99, 49_999.99, 49_999.99), True, id="a cent below the line"),
        pytest.param(handed_in(1, 49_999.99, 49_999.99, 50_000), False, id="one at the line, which is reported"),
        pytest.param(LOOKED_AT + handed_in(1, 45_000, 45_000, 45_000, kind="transfer"), False, id="transfers"),
        pytest.param(handed_in(1, 45_000, 45_000, 45_000) + TAKEN_BACK, False, id="one of three is taken back"),
        pytest.param(handed_in(0, 45_000) + handed_in(1, 45_000) + handed_in(2, 45_000), True, id="three days in a row"),
        pytest.param(handed_in(0, 45_000) + handed_in(2, 45_000) + handed_in(4, 45_000), False, id="every other day"),
        pytest.param(handed_in(5, 45_000) + handed_in(6, 45_000) + handed_in(7, 45_000), False, id="a weekend and a Monday"),
        pytest.param(handed_in(3, 45_000) + handed_in(4, 45_000) + handed_in(7, 45_000), True, id="a weekend between them"),
        pytest.param(handed_in(3, 45_000) + handed_in(4, 45_000) + handed_in(7, 45_000), True, id="with a weekend between"),
        pytest.param(handed_in(0, 45_000) + handed_in(1, 45_000), False, id="two days"),
        pytest.param(handed_in(0, 45_000) + handed_in(1, 45_000) + drawn(2, 45_000), False, id="the third day is drawn"),
        pytest.param(handed_in(0, 45_000) + handed_in(1, 45_000) + handed_in(7, 45_000), False, id="the third a week later"),
    ],
)
def test_cash_just_below_the_line_three_times_on_a_day_or_three_days_in_a_row(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


TAKINGS = (31_200, 52_300, 44_100, 18_450, 36_200, 66_000, 47_950, 38_000, 23_300, 51_000, 42_800)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [row for day, money in enumerate(TAKINGS) for row in handed_in(day, money)], id="a shop's uneven takings of each day"
        ),
        pytest.param(drawn(1, 45_000) + drawn(8, 45_000), id="cash for a wedding, twice"),
        pytest.param([row for day in range(5) for row in handed_in(day, 12_000, 15_000, 9_000)], id="a market stall"),
    ],
)
def test_ordinary_cash_is_uneven_or_small(rows: Rows) -> None:
    assert not heard(LOOKED_AT + rows).fired


def test_it_says_movements_and_days_and_shows_them() -> None:
    rows = [row for day in range(4) for row in handed_in(day, *[46_000] * (4 if day == 2 else 1))]
    finding = heard(rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (4.0, 3.0, "amount", "W10")
    assert (finding.strength, finding.coverage) == (1.0, 1.0)
    assert "单日最多4笔、连续4日" in finding.zh
    assert "参考线单日3笔或连续3日" in finding.zh
    assert "up to 4 cash movements on a day and 4 days in a row" in finding.en
    assert "reference 3 on a day or 3 days" in finding.en
    assert finding.evidence == [row["event_id"] for row in rows]


def test_three_movements_on_one_day_are_weaker_than_that() -> None:
    finding = heard(handed_in(1, 49_000, 48_000, 49_500)).finding
    assert finding is not None
    assert finding.strength == 0.7


FIRES = handed_in(1, 49_000, 48_000, 49_500)
"""A story on which the typology fires, told again as wire JSON."""
