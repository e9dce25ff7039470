"""Whom a firm pays for work, where no payroll batch says so: paydays, and pay before anything was brought."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.shards import profile
from tests.detector.stories import listened, paid_in, paid_out, told

Rows = list[dict[str, Any]]


def seen(rows: Rows, holder: str | None = "company") -> Any:
    """The account's evaluation row once all was seen."""
    shard, listening = listened(profile("a:1", holder))
    told(shard, sorted(rows, key=lambda row: row["occurred_at"]))
    return listening.newest().core[0]


def staff_in(rows: Rows, holder: str | None = "company") -> tuple[int, int]:
    """Payers who are paid for work, and deposits counted."""
    core = seen(rows, holder)
    return int(core["payers_as_staff"]), int(core["deposits"])


def payday(day: int, *, payers: int, strangers: int) -> Rows:
    return paid_out(day, [*range(payers), *range(100, 100 + strangers)], 4_800)


BROUGHT = paid_in(1, range(12), 20_000)


@pytest.mark.parametrize(
    ("rows", "holder", "staff"),
    [
        pytest.param(payday(8, payers=12, strangers=12), "company", 12, id="half of those paid that day never brought anything"),
        pytest.param(payday(8, payers=12, strangers=11), "company", 0, id="most had: these are returns"),
        pytest.param(payday(8, payers=3, strangers=7), "company", 3, id="ten are paid"),
        pytest.param(payday(8, payers=3, strangers=6), "company", 0, id="nine"),
        pytest.param(payday(8, payers=12, strangers=12), "sole_trader", 12, id="a shop's"),
        pytest.param(payday(8, payers=12, strangers=12), None, 12, id="a holder of unknown kind"),
        pytest.param(payday(8, payers=12, strangers=12), "person", 0, id="a private person shares out what was left"),
        pytest.param(payday(0, payers=12, strangers=0), "company", 12, id="paid before they brought anything"),
    ],
)
def test_staff_are_known_by_how_a_firm_pays(rows: Rows, holder: str | None, staff: int) -> None:
    assert staff_in(BROUGHT + rows, holder) == (staff, 12 - staff)


def test_a_trial_payment_makes_nobody_staff() -> None:
    assert staff_in(paid_out(0, range(12), 499) + BROUGHT) == (0, 12)


def test_staff_stay_staff_when_they_are_paid_a_dividend() -> None:
    dividend = paid_out(30, range(12), 1_000)
    assert staff_in(BROUGHT + payday(8, payers=12, strangers=12) + dividend)[0] == 12
    assert staff_in(BROUGHT + paid_out(8, range(12), 4_800) + dividend)[0] == 0


def test_a_payday_on_which_staff_were_last_paid_tells_of_who_was_paid_before() -> None:
    alone = [row for p in range(12) for row in paid_out(3 + p % 3, [p], 300)]
    assert staff_in(BROUGHT + alone + payday(8, payers=12, strangers=12))[0] == 12


@pytest.mark.parametrize(("strangers", "returns"), [pytest.param(12, 0, id="a payday"), pytest.param(0, 12, id="returns")])
def test_what_staff_are_paid_is_no_return(strangers: int, returns: int) -> None:
    core = seen(BROUGHT + payday(8, payers=12, strangers=strangers))
    assert (core["returns"], core["ratios"]) == (returns, returns)
