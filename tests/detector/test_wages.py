"""Whom a firm pays for work, where no payroll batch says so, and schemes that make their payers look so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.shards import profile
from tests.detector.stories import listened, paid_in, paid_out, told

Rows = list[dict[str, Any]]
BROUGHT = paid_in(31, range(12), 20_000)
"""Within the thirty days that count, whatever comes until day 60."""


def deposits(rows: Rows, holder: str | None = "company") -> int:
    """How many brought a deposit, once all was seen."""
    shard, listening = listened(profile("a:1", holder))
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
    assert deposits(BROUGHT + rows, holder) == brought
