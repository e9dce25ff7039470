"""Every model of the package, found by itself, through every check of ``models.checks``; and checks that bite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from river.base import AnomalyDetector

from models import HalfSpaceTrees, OnlineModel, builders
from models.checks import COLUMNS, Build, Trial, check_memory_is_bounded, yield_checks
from models.checks import check_scoring_does_not_learn as scoring_does_not_learn

MODELS = dict(builders())
CHECKS = dict(yield_checks())


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("name", MODELS)
def test_a_model_keeps_the_contract(name: str, check: Callable[[Trial], None]) -> None:
    check(Trial.of(name, MODELS[name]))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_the_interface(name: str) -> None:
    assert isinstance(MODELS[name](1), OnlineModel)


def test_all_models_that_score_the_stream_are_found() -> None:
    assert set(MODELS) == {
        "edge_rarity",
        "half_space_trees",
        "money_trail",
        "new_company",
        "new_counterparties",
        "own_history",
        "peer_group",
        "river_detector",
        "tail_probability",
    }


class Counting(HalfSpaceTrees):
    """A model that learns from being asked."""

    def score_many(self, X: Any) -> Any:
        """Score, and let the question in."""
        scores = super().score_many(X)
        self.learn_many(X)
        return scores


class Hoarding(HalfSpaceTrees):
    """A model that keeps all it has learned."""

    kept: list[Any]

    def learn_many(self, X: Any) -> None:
        """Learn and keep."""
        self.kept = [*getattr(self, "kept", []), np.array(X)]
        super().learn_many(X)


def wrong(kind: type[HalfSpaceTrees]) -> Build:
    return lambda seed: kind(n_trees=5, height=5, window_size=100, seed=seed)


@pytest.mark.parametrize(("kind", "check"), [(Counting, scoring_does_not_learn), (Hoarding, check_memory_is_bounded)])
def test_a_model_that_breaks_the_contract_fails_its_check(kind: type[HalfSpaceTrees], check: Callable[[Trial], None]) -> None:
    with pytest.raises(AssertionError):
        check(Trial(wrong(kind), COLUMNS))


def test_half_space_trees_are_rivers_anomaly_detector_and_clone_unlearned() -> None:
    model = HalfSpaceTrees(n_trees=3, height=4, window_size=50, seed=9, limits={"f0": (0.0, 2.0)})
    rows = np.random.default_rng(0).random((200, 6))
    assert isinstance(model, AnomalyDetector)
    for row in rows:
        model.learn_one({f"f{k}": float(value) for k, value in enumerate(row)})
    clone = model.clone()
    assert (clone.n_trees, clone.height, clone.window_size, clone.seed, clone.limits) == (3, 4, 50, 9, {"f0": (0.0, 2.0)})
    assert clone.score_one({f"f{k}": 0.9 for k in range(6)}) == 0
    assert model.score_one({f"f{k}": 0.9 for k in range(6)}) > 0
    for row in rows:
        clone.learn_one({f"f{k}": float(value) for k, value in enumerate(row)})
    assert np.array_equal(clone.score_many(rows), model.score_many(rows))
    assert "HalfSpaceTrees" in repr(model)


def test_a_matrix_needs_names_and_as_many_columns() -> None:
    with pytest.raises(ValueError, match="feature_names"):
        HalfSpaceTrees(seed=1).score_many(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="3 columns"):
        HalfSpaceTrees(seed=1, feature_names=["a", "b", "c"]).learn_many(np.zeros((1, 2)))
