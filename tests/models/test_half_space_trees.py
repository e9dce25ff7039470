"""Half-space trees equal River's to the last bit, however the stream is cut."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from river import anomaly

from models import HalfSpaceTrees

NAMES = [f"f{k:02d}" for k in range(6)]
ARGUMENTS = {"n_trees": 7, "height": 5, "window_size": 60, "seed": 11}


def _rows(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = rng.random((count, len(NAMES)))
    rows[rng.random(rows.shape) < 0.02] = np.nan
    return rows


def _river_scores(rows: np.ndarray) -> np.ndarray:
    river = anomaly.HalfSpaceTrees(**ARGUMENTS)
    scores = []
    for row in rows:
        x = dict(zip(NAMES, map(float, row), strict=True))
        scores.append(river.score_one(x))
        river.learn_one(x)
    return np.array(scores, np.float64)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scores_equal_rivers_whatever_the_batches_and_with_values_that_are_not_numbers(seed: int) -> None:
    rows = _rows(900, seed)
    ours = HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES)
    rng = np.random.default_rng(seed)
    scores, at = [], 0
    while at < len(rows):
        step = int(rng.integers(1, 130))
        scores.append(ours.score_learn_many(rows[at : at + step]))
        at += step
    assert np.array_equal(np.concatenate(scores), _river_scores(rows))


def test_missing_keys_follow_the_heavier_child_of_the_running_window_as_in_river() -> None:
    rng = np.random.default_rng(5)
    river, ours = anomaly.HalfSpaceTrees(**ARGUMENTS), HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES)
    whole = dict.fromkeys(NAMES, 0.5)
    river.learn_one(whole)
    ours.learn_one(whole)
    for row in _rows(400, 5):
        x = {name: float(v) for name, v in zip(NAMES, row, strict=True) if rng.random() < 0.85}
        assert ours.score_one(x) == river.score_one(x)
        river.learn_one(x)
        ours.learn_one(x)


def test_a_restored_model_goes_on_unchanged() -> None:
    rows = _rows(500, 9)
    first = HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES)
    first.learn_many(rows[:250])
    copied, restored = pickle.loads(pickle.dumps(first)), HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES)  # noqa: S301
    restored.restore(first.state())
    expected = first.score_learn_many(rows[250:])
    assert np.array_equal(copied.score_learn_many(rows[250:]), expected)
    assert np.array_equal(restored.score_learn_many(rows[250:]), expected)


def test_scoring_learns_nothing() -> None:
    model = HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES)
    model.learn_many(_rows(100, 3))
    before = {name: value.copy() for name, value in model.state().items()}
    model.score_many(_rows(50, 4))
    assert all(np.array_equal(before[name], value) for name, value in model.state().items())
