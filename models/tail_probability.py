"""How far out in the stream's own past a score stands: any score to a tail probability, calibrated on the fly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

REFRESH = 256
"""Events between two refreshes of the table that scores are read from: a count, so batches change nothing."""


@njit(cache=True, nogil=True)
def _learn(places: Any, counts: Any, below: Any, seen: Any, keep: Any, result: Any) -> Any:
    """Read each place's share, then count it; the table is made anew every ``REFRESH`` events. Returns events seen."""
    for i in range(len(places)):
        result[i] = min(below[places[i]], 1.0)
        counts[places[i]] += 1.0
        seen += 1
        if seen % REFRESH == 0:
            total = counts.sum()
            running = 0.0
            for k in range(len(counts)):
                running += counts[k]
                below[k] = (running - 0.5 * counts[k]) / total
                counts[k] *= keep
    return seen


class TailProbability:
    """Share of past values below a value, from a histogram of fixed bins that slowly forgets.

    Values are clipped to [0, 1]. Error at most one bin's share of the past. Costs 8 bytes a bin and two array passes
    a batch. Gives 0 before the first refresh.

    Parameters
    ----------
    bins
        Number of equal bins of [0, 1].
    half_life
        Events after which a past event counts half; a multiple of 256.

    Examples
    --------
    >>> tail = TailProbability()
    >>> tail.learn_many(np.linspace(0, 0.5, 1024)[:, None])
    >>> tail.score_one({"value": 0.9})
    1.0
    """

    def __init__(self, bins: int = 4096, half_life: int = 65_536) -> None:
        self.bins = bins
        self.half_life = half_life
        self._counts = np.zeros(bins)
        self._below = np.zeros(bins)
        self._seen = 0
        self._name = ""

    @property
    def seen(self) -> int:
        """Events learned so far."""
        return self._seen

    def _places(self, X: Any) -> Any:
        values = np.nan_to_num(np.asarray(X, np.float64)[:, 0], nan=0.0)
        return np.minimum((np.clip(values, 0.0, 1.0) * self.bins).astype(np.int64), self.bins - 1)

    def _walk(self, X: Any, *, learn: bool) -> Any:
        places = self._places(X)
        result = np.zeros(len(places))
        if learn:
            self._seen = int(_learn(places, self._counts, self._below, self._seen, 0.5 ** (REFRESH / self.half_life), result))
        else:
            result[:] = np.minimum(self._below[places], 1.0)
        return result

    def learn_many(self, X: Any) -> None:
        """Learn values, the first column of ``X``."""
        self._walk(X, learn=True)

    def score_many(self, X: Any) -> Any:
        """Tail probabilities, nothing learned."""
        return self._walk(X, learn=False)

    def score_learn_many(self, X: Any) -> Any:
        """Tail probabilities, each read before its value is learned."""
        return self._walk(X, learn=True)

    def _row(self, x: dict[str, float]) -> Any:
        return np.array([[x.get(self._name or min(x, default=""), np.nan)]])

    def learn_one(self, x: dict[str, float]) -> None:
        """Learn one value: the first by sorted name of the first dict, and that name's ever after; 0 where missing."""
        self._name = self._name or min(x, default="")
        self.learn_many(self._row(x))

    def score_one(self, x: dict[str, float]) -> float:
        """Tail probability of one value, as in ``learn_one``."""
        return float(self.score_many(self._row(x))[0])

    def state(self) -> dict[str, Any]:
        """All that was learned, as arrays."""
        return {"counts": self._counts, "below": self._below, "at": np.array([self._seen], np.int64)}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._counts, self._below = np.array(state["counts"]), np.array(state["below"])
        self._seen = int(state["at"][0])


def build(seed: int) -> TailProbability:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return TailProbability()
