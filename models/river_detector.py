"""Any of River's anomaly detectors by name, behind the batch interface of the others: slow, one event at a time."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import numpy as np


def _kind(name: str) -> Any:
    """River's class; raises ``ValueError`` for what is none, or learns from labels or another detector."""
    # River's package of detectors loads SciPy and scikit-learn, two seconds that only those wait who ask for one.
    from river import anomaly, base

    kind = getattr(anomaly, name, None)
    if not (inspect.isclass(kind) and issubclass(kind, base.AnomalyDetector)) or issubclass(kind, base.Wrapper):
        raise ValueError(f"River has no anomaly detector '{name}' that learns without labels")
    return kind


class RiverDetector:
    """A detector of ``river.anomaly`` by the name of its class, its score squashed into [0, 1] in order.

    River works event by event on dicts: 2,000 to 20,000 events a second against a million and more of the models of this
    package. The same seed in ``parameters`` gives the same scores; a detector without one has nothing random in it.

    Parameters
    ----------
    name
        Class in ``river.anomaly``, as ``LODA`` or ``OneClassSVM``; one that learns without labels.
    parameters
        Its own arguments, numbers only.
    feature_names
        Names of the columns of ``X``, in their order.

    Examples
    --------
    >>> model = RiverDetector("LODA", {"seed": 1}, ["a", "b"])
    >>> model.learn_many(np.full((50, 2), 0.5))
    >>> model.score_one({"a": 9.0, "b": 0.0}) > model.score_one({"a": 0.5, "b": 0.5})
    True
    """

    def __init__(self, name: str, parameters: dict[str, Any], feature_names: list[str]) -> None:
        try:
            self._model: Any = _kind(name)(**parameters)
        except TypeError as error:
            raise ValueError(f"River's {name} takes no such argument: {error}") from error
        self._names = list(feature_names)

    def _dicts(self, X: Any) -> list[dict[str, float]]:
        rows = np.nan_to_num(np.asarray(X, np.float64))
        return [dict(zip(self._names, row, strict=True)) for row in rows.tolist()]

    def _score(self, x: dict[str, float]) -> float:
        raw = float(self._model.score_one(x))
        return 0.5 + 0.5 * raw / (1.0 + abs(raw)) if np.isfinite(raw) else 1.0

    def score_many(self, X: Any) -> Any:
        """Scores of rows, nothing learned."""
        return np.array([self._score(x) for x in self._dicts(X)], np.float64)

    def learn_many(self, X: Any) -> None:
        """Learn rows in order."""
        for x in self._dicts(X):
            self._model.learn_one(x)

    def score_learn_many(self, X: Any) -> Any:
        """Scores of rows, each scored before it is learned."""
        scores = []
        for x in self._dicts(X):
            scores.append(self._score(x))
            self._model.learn_one(x)
        return np.array(scores, np.float64)

    def _whole(self, x: dict[str, float]) -> dict[str, float]:
        return {name: float(np.nan_to_num(x.get(name, 0.0))) for name in self._names}

    def learn_one(self, x: dict[str, float]) -> None:
        """Learn one event; a missing feature counts as 0."""
        self._model.learn_one(self._whole(x))

    def score_one(self, x: dict[str, float]) -> float:
        """Score one event."""
        return self._score(self._whole(x))

    def state(self) -> dict[str, Any]:
        """All that was learned; only ever read back from our own checkpoint, whose checksum was verified."""
        return {"river": pickle.dumps(self._model)}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._model = pickle.loads(bytes(state["river"]))  # noqa: S301  see state()


def build(seed: int) -> RiverDetector:
    """LODA over the columns that models are tried on."""
    return RiverDetector("LODA", {"seed": seed, "n_random_cuts": 20}, [f"f{k}" for k in range(6)])
