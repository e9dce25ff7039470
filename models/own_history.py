"""How far today stands above the account's own past, which the caller keeps and supplies."""

from __future__ import annotations

from typing import Any

import numpy as np

FLOOR = 0.5
"""Least deviation: half a natural log unit, so that a perfectly even past does not make a small change strange."""
LEAST_DAYS = 5
CHECK_COLUMNS = {"days": (30.0, 4.0, 30.0), "deviation": (1.0, 0.1, 1.0), "mean": (5.0, 0.5, 5.0), "value": (5.0, 0.5, 14.0)}
"""What models/checks.py may try: usual value, spread and a strange value of each column."""
LIMITS = (
    "Over months every account has a day that is strange for itself: says when to look, not at whom, and takes no "
    "part in the order of accounts."
)
"""What the model cannot say, for its card."""


class OwnHistoryBaseline:
    """Excess of a value over its own mean in own deviations, squashed into [0, 1]; learns nothing itself.

    Columns in sorted order: ``days`` of history, ``deviation``, ``mean``, ``value``. Fewer than five days score 0: a
    young account is not strange for being young.

    >>> OwnHistoryBaseline().score_one({"days": 30, "deviation": 0.5, "mean": 5.0, "value": 9.0}) > 0.7
    True
    """

    def score_many(self, X: Any) -> Any:
        """Scores of rows."""
        days, deviation, mean, value = np.nan_to_num(np.asarray(X, np.float64)).T
        z = np.maximum(value - mean, 0.0) / np.maximum(deviation, FLOOR)
        return np.where(days >= LEAST_DAYS, z / (z + 2.0), 0.0)

    def learn_many(self, X: Any) -> None:
        """Nothing: the account's history is the caller's."""

    def score_learn_many(self, X: Any) -> Any:
        """Scores of rows."""
        return self.score_many(X)

    def learn_one(self, x: dict[str, float]) -> None:
        """Nothing: the account's history is the caller's."""

    def score_one(self, x: dict[str, float]) -> float:
        """Score of one event; a missing part counts as 0 and so as unknown history."""
        row = [[x.get(name, 0.0) for name in ("days", "deviation", "mean", "value")]]
        return float(self.score_many(np.array(row))[0])


def build(seed: int) -> OwnHistoryBaseline:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return OwnHistoryBaseline()
