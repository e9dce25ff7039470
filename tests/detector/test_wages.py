"""Whom a firm pays for work, where no payroll batch says so, and schemes that make their payers look so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.detector.shards import profile
from tests.detector.stories import MONDAY, listened, paid_in, paid_out, told

Rows = list[dict[str, Any]]
DAY_0 = (MONDAY - date(1970, 1, 1)).days
BROUGHT = paid_in(31, range(12), 20_000)
"""Within the thirty days that count, whatever comes until day 60."""


LONG_BEFORE = [{**row, "account_id": "a:2"} for row in paid_in(-120, [99], 50)]
"""Another account's movement by which the shard has seen more than any window reaches back to."""


def deposits(rows: Rows, holder: str | None = "company", **about: Any) -> int:
    """How many brought a deposit, once all was seen."""
    shard, listening = listened(profile("a:1", holder, **about))
    told(shard, sorted(rows, key=lambda row: row["occurred_at"]))
    return int(listening.newest().core[0]["deposits"])


def wages(*days: int, yuan: float = 4_800) -> Rows:
    return [row for day in days for row in paid_out(day, range(12), yuan)]


@pytest.mark.parametrize(
    ("rows", "holder", "brought"),
    [
        pytest.param(wages(10), "company", 0, id="paid twenty days before"),
        pytest.param(wages(12), "company", 12, id="eighteen days before, once"),
        pytest.param(wages(30, 55), "company", 0, id="the day before, and a month later again"),
        pytest.param(wages(30, 35), "company", 12, id="and five days later"),
        pytest.param(wages(1, 31), "sole_trader", 0, id="by a shop"),
        pytest.param(wages(1), None, 0, id="by a holder of unknown kind"),
        pytest.param(wages(1), "person", 12, id="by a private person"),
        pytest.param(wages(1, yuan=1_999), "company", 12, id="less than a month's wage: a gift to who may bring something"),
        pytest.param(wages(40, 60), "company", 12, id="only afterwards: returns"),
    ],
)
def test_who_was_paid_wages_before_he_brought_anything_is_no_depositor(rows: Rows, holder: str | None, brought: int) -> None:
    assert deposits(LONG_BEFORE + BROUGHT + rows, holder) == brought


LENT = paid_in(8, range(12), 20_000)


@pytest.mark.parametrize(
    ("rows", "about", "brought"),
    [
        pytest.param(wages(3) + paid_in(30, [50], 900), {}, 0, id="once, five days before: a second payday may come"),
        pytest.param(wages(16) + paid_in(30, [50], 900), {}, 0, id="once, a week after"),
        pytest.param(wages(16) + paid_in(30, [50], 900), {"opened_on": 16_000}, 0, id="by an account that is older"),
        pytest.param(wages(16) + paid_in(30, [50], 900), {"opened_on": DAY_0 + 8}, 12, id="by an account that is not"),
        pytest.param(wages(16, yuan=1_999) + paid_in(30, [50], 900), {}, 12, id="once, less than a month's wage"),
        pytest.param(wages(9, 16) + paid_in(30, [50], 900), {}, 12, id="by the week"),
    ],
)
def test_before_a_second_payday_one_wage_tells_staff(rows: Rows, about: dict[str, Any], brought: int) -> None:
    assert deposits(LENT + rows, **about) == brought


def test_who_comes_in_the_second_month_is_staff_by_a_wage_before_that_alone() -> None:
    assert deposits(paid_in(0, [50], 900) + paid_in(33, range(12), 20_000) + wages(28)) == 0
    assert deposits(paid_in(0, [50], 900) + paid_in(33, range(12), 20_000) + wages(36)) == 12


def test_whoever_has_no_second_payday_in_forty_days_was_paid_no_wage() -> None:
    brought = paid_in(29, range(12), 20_000)
    assert deposits(paid_in(0, [50], 900) + wages(16) + brought + paid_in(56, [50], 900)) == 0
    assert deposits(paid_in(0, [50], 900) + wages(16) + brought + paid_in(57, [50], 900)) == 12
