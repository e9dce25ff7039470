"""Transactions of a length that others can wait for."""

from __future__ import annotations

import pytest

from api.ledger.pacing import AIM_S, GATHER_S, LEAST, MOST, Pace


def sizes(pace: Pace, number: int, cost_s: float, now: list[float]) -> list[int]:
    found = []
    for part in pace.parts(range(number)):
        now[0] += cost_s * len(part)
        found.append(len(part))
    return found


def paced() -> tuple[Pace, list[float]]:
    now = [0.0]
    return Pace(clock=lambda: now[0]), now


def test_every_item_comes_once_and_in_order() -> None:
    pace = Pace()
    assert [item for part in pace.parts(range(4321)) for item in part] == list(range(4321))
    assert list(pace.parts([])) == []


def test_parts_grow_until_one_takes_as_long_as_others_may_wait() -> None:
    pace, now = paced()
    found = sizes(pace, 10_000, 0.0003, now)
    assert found[-2] == int(AIM_S / 0.0003)


def test_parts_shrink_where_storing_is_slow_and_never_below_the_least() -> None:
    pace, now = paced()
    assert sizes(pace, 1000, 0.001, now)[1] == int(AIM_S / 0.001)
    assert set(sizes(pace, 1000, 0.1, now)[1:]) == {LEAST}


def test_a_small_last_part_says_nothing_of_a_full_one() -> None:
    pace, now = paced()
    sizes(pace, 10_000, 0.00001, now)
    assert pace.rows == MOST
    sizes(pace, 3, 0.0001, now)
    assert pace.rows == MOST


@pytest.mark.parametrize(
    ("waiting", "passed_s", "rest_s"),
    [(0, 0.0, GATHER_S), (499, 0.2, GATHER_S - 0.2), (499, 9.0, 0.0), (500, 0.0, 0.0)],
    ids=["none", "few", "long-since", "a-full-one"],
)
def test_few_flags_gather_and_a_full_transaction_is_not_waited_for(waiting: int, passed_s: float, rest_s: float) -> None:
    assert Pace().rest_s(waiting, passed_s) == pytest.approx(rest_s)
