"""River's detectors by name: the same scores as River's own calls, and a clear word for what it does not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from river import anomaly

from models.river_detector import RiverDetector

NAMES = ["a", "b", "c"]
DETECTORS: list[tuple[str, dict[str, Any]]] = [
    ("LODA", {"seed": 3}),
    ("HalfSpaceTrees", {"seed": 3, "window_size": 20}),
    ("OneClassSVM", {"nu": 0.2}),
    ("LocalOutlierFactor", {"n_neighbors": 5}),
]


def rows(count: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).random((count, 3))


@pytest.mark.parametrize(("name", "parameters"), DETECTORS, ids=[name for name, _ in DETECTORS])
def test_its_scores_rise_with_rivers_own_and_batches_change_nothing(name: str, parameters: dict[str, Any]) -> None:
    river, whole, split = (
        getattr(anomaly, name)(**parameters),
        *(RiverDetector(name, parameters, NAMES) for _ in range(2)),
    )
    theirs = []
    for row in rows(120).tolist():
        x = dict(zip(NAMES, row, strict=True))
        theirs.append(river.score_one(x))
        river.learn_one(x)
    ours = whole.score_learn_many(rows(120))
    finite = np.isfinite(theirs)
    squashed = 0.5 + 0.5 * np.array(theirs)[finite] / (1.0 + np.abs(np.array(theirs)[finite]))
    assert np.array_equal(ours[finite], squashed)
    assert np.array_equal(np.concatenate([split.score_learn_many(part) for part in np.split(rows(120), [1, 50])]), ours)


@pytest.mark.parametrize(("name", "parameters"), DETECTORS, ids=[name for name, _ in DETECTORS])
def test_it_goes_on_from_its_state(name: str, parameters: dict[str, Any]) -> None:
    model, restored = (RiverDetector(name, parameters, NAMES) for _ in range(2))
    model.learn_many(rows(60))
    restored.restore(model.state())
    assert np.array_equal(model.score_learn_many(rows(30, 1)), restored.score_learn_many(rows(30, 1)))


@pytest.mark.parametrize("name", ["Nothing", "base", "QuantileFilter", "GaussianScorer", "StandardAbsoluteDeviation"])
def test_what_is_no_unsupervised_detector_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no anomaly detector"):
        RiverDetector(name, {}, NAMES)


def test_an_argument_that_it_does_not_take_is_named() -> None:
    with pytest.raises(ValueError, match="n_tree"):
        RiverDetector("HalfSpaceTrees", {"n_tree": 3}, NAMES)
