"""A small sum before a large deposit, which would make everybody somebody who was paid before he paid in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import listened, on, paid_in, paid_out, told
from tests.detector.test_stream_correctness import reversal

Rows = list[dict[str, Any]]
ALL = range(12)


def counted(rows: Rows) -> dict[str, int]:
    """Of the account's newest evaluation: payees and returnees of 90 days, returns, and who was paid back twice."""
    shard, listening = listened()
    told(shard, sorted(rows, key=lambda row: row["occurred_at"]))
    newest = listening.newest()
    core, w = newest.core[0], newest.w90[0]
    return {
        "payees": int(w["payees"]),
        "returnees": int(w["returnees"]),
        "returns": int(core["returns"]),
        "twice": int(core["returned_twice"]),
        "since": int(core["joined_since"]),
    }


BACK = paid_out(40, ALL, 300)


@pytest.mark.parametrize(
    ("before", "brought", "returnees"),
    [
        pytest.param([], 20_000, 12, id="nothing before"),
        pytest.param(paid_out(3, ALL, 500), 20_000, 12, id="five hundred yuan before twenty thousand"),
        pytest.param(paid_out(3, ALL, 1_000), 20_000, 12, id="a twentieth"),
        pytest.param(paid_out(3, ALL, 1_001), 20_000, 0, id="more: he may have sold something"),
        pytest.param(paid_out(3, ALL, 1_999), 200_000, 12, id="less than a month's wage"),
        pytest.param(paid_out(3, ALL, 2_000), 200_000, 0, id="a month's wage"),
        pytest.param(paid_out(3, ALL, 500) + paid_out(4, ALL, 400), 20_000, 12, id="two small sums"),
        pytest.param(paid_out(2, ALL, 500) + paid_out(3, ALL, 6_000), 40_000, 0, id="an allowance and a wage"),
        pytest.param(paid_out(3, ALL, 100), 20_170, 0, id="then he pays for goods"),
        pytest.param(paid_out(3, ALL, 10), 500, 0, id="then he brings little"),
    ],
)
def test_a_small_sum_before_a_large_deposit_is_not_paid_before(before: Rows, brought: int, returnees: int) -> None:
    found = counted(before + paid_in(10, ALL, brought) + BACK)
    assert (found["payees"], found["returnees"], found["returns"]) == (12, returnees, returnees)


def test_who_was_given_a_little_and_brought_much_is_no_payee_before_he_is_paid_back() -> None:
    assert counted(paid_out(3, ALL, 500) + paid_in(10, ALL, 20_000))["payees"] == 0
    assert counted(paid_out(3, ALL, 500) + paid_in(10, ALL, 2_000))["payees"] == 12


def test_the_small_sum_is_neither_a_return_nor_the_first() -> None:
    found = counted(paid_out(3, ALL, 500) + paid_in(10, ALL, 20_000) + paid_in(20, range(20, 26), 20_000) + BACK)
    assert (found["twice"], found["since"]) == (0, 0)
    found = counted(
        paid_out(3, ALL, 500) + paid_in(10, ALL, 20_000) + BACK + paid_in(50, range(20, 26), 20_000) + paid_out(70, ALL, 300)
    )
    assert (found["twice"], found["since"]) == (12, 6)


def test_an_exact_refund_stays_one_after_a_small_sum() -> None:
    assert counted(paid_out(3, ALL, 500) + paid_in(10, ALL, 20_000) + paid_out(40, ALL, 20_000))["payees"] == 0


def test_a_reversed_deposit_leaves_the_small_sum_as_it_was() -> None:
    brought = paid_in(10, ALL, 20_000)
    reversals = [reversal(row, f"{on(11)}T10:{k:02d}") for k, row in enumerate(brought)]
    found = counted(paid_out(3, ALL, 500) + brought + reversals + paid_out(20, ALL, 30))
    assert (found["payees"], found["returnees"]) == (12, 0)
