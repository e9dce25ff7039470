"""How likely an office confirms a flag, learned online from verdicts: River's logistic regression over standardised features."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

LEAST_EACH: Final = 30
"""Verdicts of either kind before the model says anything: fewer make a chance of it."""


class VerdictLearner:
    """Learns what was confirmed and what was dismissed, one verdict at a time, in order.

    Verdicts come weeks after their flags, so each brings the features that its flag had. Where one kind is rare its
    verdicts weigh more, by the counts so far. Each is scored before it is learned (prequential); ADWIN watches the
    errors. Costs about 0.1 ms a verdict and some hundred nanoseconds a feature and row scored.

    Parameters
    ----------
    names
        Features in the order of columns; others of a verdict are ignored, absent ones are 0.
    rate
        Step of the gradient descent. In (0, 1].

    References
    ----------
    .. [1] Montiel et al., "River: machine learning for streaming data in Python", JMLR 22, 2021.
    .. [2] Gama, Sebastião, Rodrigues, "On evaluating stream learning algorithms", Machine Learning 90, 2013.
    """

    def __init__(self, names: Sequence[str], *, rate: float = 0.02) -> None:
        self.names = tuple(names)
        self.confirmed = 0
        self.dismissed = 0
        self.drifts = 0
        self._rate = rate
        self._river: Any = None
        self._columns: tuple[Any, Any, Any, float] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether enough verdicts of both kinds were learned."""
        return min(self.confirmed, self.dismissed) >= LEAST_EACH

    @property
    def verdicts(self) -> int:
        """Verdicts learned."""
        return self.confirmed + self.dismissed

    def learn_one(self, features: dict[str, float], *, is_confirmed: bool) -> float:
        """Learn a verdict and return the chance that was given to it before, in [0, 1]."""
        scaler, model, adwin = self._parts()
        x = {name: features.get(name, 0.0) for name in self.names}
        scaler.learn_one(x)
        scaled = scaler.transform_one(x)
        chance = float(model.predict_proba_one(scaled).get(True, 0.5))
        if is_confirmed:
            self.confirmed += 1
        else:
            self.dismissed += 1
        of_its_kind = self.confirmed if is_confirmed else self.dismissed
        model.learn_one(scaled, is_confirmed, w=(self.verdicts + 2) / (2 * (of_its_kind + 1)))
        adwin.update(abs(float(is_confirmed) - chance))
        self.drifts += bool(adwin.drift_detected)
        self._columns = None
        return chance

    def chance_many(self, X: Any) -> Any:
        """Chance of confirmation (float64) of each row of ``X``, float64 of shape (rows, names); learns nothing.

        The same row gives the same bits in whatever company: sums run over features in order, no product of matrices.
        """
        if not self.verdicts:
            return np.full(len(X), 0.5)
        means, scales, weights, intercept = self._as_columns()
        total = np.full(len(X), intercept)
        for k in range(len(self.names)):
            total += weights[k] * ((X[:, k] - means[k]) / scales[k])
        return np.array([_sigmoid(value) for value in total.tolist()], np.float64)

    def state(self) -> bytes:
        """All that was learned; only ever read back from our own checkpoint, whose checksum was verified."""
        return pickle.dumps((self.confirmed, self.dismissed, self.drifts, self._river))

    def restore(self, state: bytes) -> None:
        """Take up what ``state`` gave."""
        self.confirmed, self.dismissed, self.drifts, self._river = pickle.loads(state)  # noqa: S301  see state()
        self._columns = None

    def _parts(self) -> tuple[Any, Any, Any]:
        if self._river is None:
            # River loads slowly, and most shards never see a verdict.
            from river import linear_model, optim, preprocessing
            from river.drift import ADWIN

            model = linear_model.LogisticRegression(optimizer=optim.SGD(self._rate), l2=1e-3, intercept_lr=self._rate)
            self._river = (preprocessing.StandardScaler(), model, ADWIN())
        found: tuple[Any, Any, Any] = self._river
        return found

    def _as_columns(self) -> tuple[Any, Any, Any, float]:
        """What River learned as arrays; a feature that never varied is scaled to 0, as River does."""
        if self._columns is None:
            scaler, model, _ = self._parts()
            means = np.array([scaler.means[name] for name in self.names])
            spread = np.sqrt(np.array([scaler.vars[name] for name in self.names]))
            weights = np.array([model.weights.get(name, 0.0) for name in self.names])
            self._columns = (means, np.where(spread > 0, spread, np.inf), weights, float(model.intercept))
        return self._columns


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))
