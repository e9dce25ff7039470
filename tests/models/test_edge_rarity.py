"""Rarity of a payment given both its ends, in tables that grow and forget."""

from __future__ import annotations

import numpy as np
import pytest

from models import edge_rarity, known_edges
from models.edge_rarity import KNOWN, NEW, NEW_THIS_WAY, EdgeRarity


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


def test_a_table_that_doubles_forgets_nothing_and_takes_no_stranger_for_known() -> None:
    """A sketch whose halves were copied at each doubling took half of all new edges for known ones."""
    rng = np.random.default_rng(2)
    legs = np.column_stack([rng.integers(1, 2_000, 60_000), rng.integers(0, 2, 60_000), rng.integers(1, 2_000, 60_000)])
    model = EdgeRarity()
    account, credit, other = (column.astype(kind) for column, kind in zip(legs.T, (np.uint64, np.uint8, np.uint64), strict=True))
    _, new = model.score_learn_legs(account, credit, other)
    _, first = np.unique(legs, axis=0, return_index=True)
    assert len(model.state()["edges"]) >= 32 * known_edges.LEAST_BUCKETS
    assert np.isin(np.flatnonzero(new), first).mean() > 0.999
    assert np.count_nonzero(new) > 0.999 * len(first)
    assert (model.score_many(legs.astype(float)) == 0.0).mean() > 0.999


def test_an_edge_is_new_new_in_this_direction_alone_or_known() -> None:
    model, one = EdgeRarity(), np.array([1], np.uint64)
    credit, debit, other = np.array([1], np.uint8), np.array([0], np.uint8), np.array([10], np.uint64)
    found = [int(model.score_learn_legs(one, side, other)[1][0]) for side in (credit, debit, credit, debit)]
    assert found == [NEW, NEW_THIS_WAY, KNOWN, KNOWN]


def test_a_table_at_its_largest_forgets_the_edges_unused_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_rarity, "MOST_BUCKETS", known_edges.LEAST_BUCKETS)
    model, used, room = EdgeRarity(), np.array([[1.0, 1.0, 10.0]]), known_edges.LEAST_BUCKETS * known_edges.WAYS
    old, young = (np.array([[1.0, 1.0, start + k] for k in range(2 * room)]) for start in (1_000.0, 50_000.0))
    for once in (old, young):
        for k in range(0, len(once), 100):
            model.learn_many(used)
            model.learn_many(once[k : k + 100])
    assert model.score_many(used)[0] == 0.0
    assert (model.score_many(old) > 0.0).all()
    assert (model.score_many(young[-room // 4 :]) == 0.0).mean() > 0.95
    assert model.state()["edges"].size == room
