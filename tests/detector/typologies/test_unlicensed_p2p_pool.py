"""Unlicensed P2P pool: fifty payers of whom ten write of platform lending, and persons on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "unlicensed_p2p_pool"
Rows = list[dict[str, Any]]


def heard(rows: Rows, **about: Any) -> Heard:
    return hear(NAME, rows, **about)


def lent(wrote: int = 10, silent: int = 40, remark: str = "出借", **fields: Any) -> Rows:
    """Some write nothing and some write of lending, all pay in the same."""
    return paid_in(0, range(100, 100 + silent), 3_000, **fields) + paid_in(1, range(wrote), 3_000, remark=remark, **fields)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(lent(10, 40), True, id="ten of fifty write of lending"),
        pytest.param(lent(10, 39), False, id="ten of forty-nine"),
        pytest.param(lent(9, 60), False, id="nine of many"),
        pytest.param(lent(remark="债权 转让款"), True, id="of transferred claims"),
        pytest.param(lent(remark="Ｐ２Ｐ充值"), True, id="in wide letters"),
        pytest.param(lent(remark="认购理财"), False, id="of other investments"),
        pytest.param(lent(remark="网贷退款"), False, id="of a refund"),
        pytest.param(lent(remark=""), False, id="nothing"),
        pytest.param(lent(counterparty_kind="company"), False, id="firms"),
        pytest.param(
            lent(9, 40) + paid_in(3, range(10), 3_000, counterparty_id=None, remark="出借"), False, id="the tenth is unknown"
        ),
        pytest.param(
            paid_in(0, range(50), 3_000) + paid_out(1, range(10), 3_100, remark="出借"), False, id="only the payouts say so"
        ),
        pytest.param(
            [row for k in range(10) for row in paid_in(k, [1], 3_000, remark="出借")] + paid_in(10, range(2, 60), 3_000),
            False,
            id="one person writes it ten times",
        ),
    ],
)
def test_ten_of_at_least_fifty_payers_write_of_platform_lending(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize("licence", ["bank", "trust", "consumer_finance"])
def test_a_licensed_lender_may_be_written_to(licence: str) -> None:
    assert not heard(lent(), holder_kind="company", holder_licence=licence).fired


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(paid_in(0, range(80), 1_200, remark="租房押金"), id="a landlord of many rooms"),
        pytest.param(paid_in(0, range(80), 300, remark="借书卡充值"), id="a library"),
        pytest.param(paid_in(0, range(80), 50_000, remark="借款"), id="private loans, of no platform"),
    ],
)
def test_ordinary_remarks_do_not_speak_of_platforms(rows: Rows) -> None:
    assert not heard(rows).fired


@pytest.mark.parametrize(("both", "strength"), [(0, 0.5), (9, 0.5), (10, 0.7)])
def test_ten_persons_on_both_sides_make_it_stronger(both: int, strength: float) -> None:
    finding = heard(lent() + paid_out(2, range(100, 100 + both), 400)).finding
    assert finding is not None
    assert finding.strength == strength


def test_it_says_payers_and_writers_and_who_stands_on_both_sides_and_shows_what_was_written() -> None:
    rows = lent(15, 45) + paid_out(2, range(100, 112), 400) + paid_out(2, [700], 50_000)
    finding = heard(rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (15.0, 10.0, "text", "W90")
    for number in ("60", "15", "10", "12"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [f"in-1-{p}" for p in range(15)]


FIRES = lent()
"""A story on which the typology fires, told again as wire JSON."""
