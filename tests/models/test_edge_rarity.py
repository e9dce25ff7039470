"""Rarity of a payment given both its ends, in tables that grow and forget."""

from __future__ import annotations

import numpy as np
import pytest

from models import edge_rarity
from models.edge_rarity import EdgeRarity


def scores(*legs: tuple[int, int, int]) -> list[float]:
    return list(EdgeRarity().score_learn_many(np.array(legs, np.float64)))


def test_a_first_payment_between_two_that_always_pay_the_same_is_rare() -> None:
    settled = [(1, 1, 10), (2, 1, 20)] * 30
    *_, new = scores(*settled, (1, 1, 20))
    assert new > 0.7


def test_nothing_is_rare_about_a_beginning_a_known_edge_or_those_who_have_new_counterparties_every_day() -> None:
    assert scores((1, 1, 10))[0] == 0.0
    assert scores(*[(1, 1, 10)] * 9)[-1] == 0.0
    shops = [(shop, 1, 100 + 7 * shop + visit) for visit in range(30) for shop in range(3)]
    assert scores(*shops)[-1] < 0.3 < scores(*[(1, 1, 10)] * 30, (1, 1, 11))[-1]


def test_paying_and_being_paid_are_two_edges() -> None:
    assert scores(*[(1, 1, 10)] * 30, *[(1, 0, 11)] * 30, (1, 0, 10))[-1] > 0.3


def test_a_table_that_doubles_forgets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    legs = np.column_stack([rng.integers(1, 400, 6_000), rng.integers(0, 2, 6_000), rng.integers(1, 400, 6_000)]).astype(float)
    model = EdgeRarity()
    model.learn_many(legs)
    assert model.state()["edges"].shape[1] > edge_rarity.LEAST_WIDTH
    assert not model.score_many(legs).any()


def test_a_table_at_its_largest_forgets_edges_seen_once_and_keeps_those_that_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_rarity, "MOST_EDGES", edge_rarity.LEAST_WIDTH)
    model, used = EdgeRarity(), np.array([[1.0, 1.0, 10.0]])
    once = np.array([[1.0, 1.0, 1000.0 + k] for k in range(200)])
    model.learn_many(np.repeat(used, 60, axis=0))
    model.learn_many(once)
    model.learn_many(np.array([[1.0, 1.0, 5000.0 + k] for k in range(100)]))
    assert model.score_many(used)[0] == 0.0
    assert (model.score_many(once) > 0.0).mean() > 0.5
    assert model.state()["edges"].shape[1] == edge_rarity.LEAST_WIDTH
