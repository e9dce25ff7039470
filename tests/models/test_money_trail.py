"""Trails of money: what lengthens one, what ends it, and what the table remembers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models import money_trail
from models.money_trail import HORIZON_DAYS, RECENT, WAYS, MoneyTrail, length_of

IN, OUT = 1, 0


def leg(account: int, credit: int, other: int, amount: float = 1000.0, day: int = 100, new: int = 1) -> list[float]:
    return [account, amount, credit, day, new, other]


def lengths(*legs: list[float]) -> list[float]:
    """Length of the trail that ends in each leg, of a model that knows nothing else."""
    return [round(float(one), 3) for one in length_of(MoneyTrail().score_learn_many(np.array(legs)))]


def test_money_passed_on_within_days_is_a_trail_and_longer_by_every_hand() -> None:
    first, second, third, fourth = lengths(
        leg(2, IN, 1), leg(3, IN, 2, 970, day=103), leg(4, IN, 3, 940, day=105), leg(4, OUT, 5, 900, day=106)
    )
    assert first == 0.0 < second < third < fourth
    assert third == pytest.approx(2 * second, rel=0.1)


@pytest.mark.parametrize(
    "onward",
    [
        pytest.param(leg(2, OUT, 3, 800), id="too little of it"),
        pytest.param(leg(2, OUT, 3, 1001), id="more than came"),
        pytest.param(leg(2, OUT, 3, 950, day=100 + HORIZON_DAYS + 1), id="too late"),
        pytest.param(leg(2, OUT, 3, 950, day=99), id="before it came"),
        pytest.param(leg(2, OUT, 1, 1000), id="straight back"),
        pytest.param(leg(2, OUT, 0, 950), id="to nobody known"),
    ],
)
def test_other_payments_follow_no_trail(onward: list[float]) -> None:
    assert lengths(leg(2, IN, 1), onward) == [0.0, 0.0]


def test_a_beaten_track_and_a_choice_of_credits_say_less() -> None:
    plain = lengths(leg(2, IN, 1), leg(2, OUT, 3, 950))[1]
    beaten = lengths(leg(2, IN, 1), leg(2, OUT, 3, 950, new=0))[1]
    choice = lengths(leg(2, IN, 1), leg(2, IN, 8, 400), leg(2, IN, 9, 70), leg(2, OUT, 3, 950))[3]
    assert beaten == pytest.approx(plain / 4, abs=0.001)
    assert 0 < choice < plain


def test_a_circle_and_gathered_money_count_more_than_a_plain_trail() -> None:
    plain = lengths(leg(2, IN, 1), leg(3, IN, 2, 950), leg(4, IN, 3, 940))[2]
    circle = lengths(leg(2, IN, 1), leg(3, IN, 2, 950), leg(1, IN, 3, 940))[2]
    scattered = [leg(2, IN, 1), leg(3, IN, 1), leg(9, IN, 2, 950), leg(9, IN, 3, 950)]
    assert circle == pytest.approx(2 * plain, rel=0.1)  # two hands, and the last thrice
    first, second = lengths(*scattered)[2:]
    assert second == pytest.approx(2 * first, rel=0.1)


def test_no_sum_is_followed_through_a_hub() -> None:
    credits = [leg(2, IN, 10 + k, 100.0 * 2**k) for k in range(RECENT)]
    assert lengths(*credits[:-1], leg(2, OUT, 3, 95))[-1] > 0
    assert lengths(*credits, leg(2, OUT, 3, 95))[-1] == 0


def test_where_all_amounts_are_alike_a_trail_says_little() -> None:
    rng, alike, apart = np.random.default_rng(1), MoneyTrail(), MoneyTrail()
    for model, amounts in ((alike, rng.uniform(100, 110, 4_000)), (apart, 10 ** rng.uniform(1, 5, 4_000))):
        model.learn_many(np.array([leg(1000 + k, IN, 9000 + k, amount) for k, amount in enumerate(amounts)]))
        model.learn_many(np.array([leg(2, IN, 1, 1000)]))
    onward = np.array([leg(2, OUT, 3, 950)])
    assert length_of(alike.score_many(onward))[0] < 1 < 2.5 < length_of(apart.score_many(onward))[0]


def test_a_full_table_forgets_who_was_credited_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money_trail, "MOST_BUCKETS", money_trail.LEAST_BUCKETS)
    model, room = MoneyTrail(), WAYS * money_trail.LEAST_BUCKETS
    many = np.array([leg(10 + k, IN, 1, 1000, day=100 + k // 50) for k in range(4 * room)])
    model.learn_many(many)
    newest, oldest = 10 + 4 * room - 1, 10
    last = 100 + (4 * room - 1) // 50
    scores: Any = model.score_many(np.array([leg(newest, OUT, 3, 950, day=last), leg(oldest, OUT, 3, 950, day=100)]))
    assert scores[0] > 0 == scores[1]
    assert len(model.state()["keys"]) == room
