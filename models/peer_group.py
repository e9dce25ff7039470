"""How far an account stands from its peers: running centre and spread of each feature in each group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

REFRESH = 256
MOST_DEVIATIONS = 20.0
GROUP = "~group"
"""Name of the column that holds the group; it sorts last."""
CHECK_COLUMNS = {**{f"f{k}": (0.4, 0.05, 0.95) for k in range(4)}, "~group": (1.0, 0.1, 1.0)}
"""What models/checks.py may try: usual value, spread and a strange value of each column."""
LIMITS = (
    "Groups are kinds of holder as the bank knows them: where it says nothing, all accounts are peers. Only excess "
    "counts, so an account that falls silent is not strange."
)
"""What the model cannot say, for its card."""


@njit(cache=True, nogil=True)
def _score(features: Any, group: Any, centre: Any, spread: Any, count: Any, result: Any) -> None:
    """Mean excess of each row over its group's centre, in spreads, squashed; 0 for a group that is still young."""
    width = features.shape[1]
    for i in range(len(features)):
        g = group[i]
        if count[g] < REFRESH or width == 0:
            result[i] = 0.0
            continue
        total = 0.0
        for k in range(width):
            excess = features[i, k] - centre[g, k]
            if excess > 0.0 and spread[g, k] > 0.0:
                total += min(excess / spread[g, k], MOST_DEVIATIONS)
        mean = total / width
        result[i] = mean / (mean + 2.0)


@njit(cache=True, nogil=True)
def _learn(features: Any, group: Any, centre: Any, total: Any, deviation: Any, fresh: Any) -> None:
    """Add rows to their group's running sums, in row order, whatever the batch."""
    for i in range(len(features)):
        g = group[i]
        fresh[g] += 1.0
        for k in range(features.shape[1]):
            total[g, k] += features[i, k]
            deviation[g, k] += abs(features[i, k] - centre[g, k])


class PeerGroupBaseline:
    """Mean excess over the peers' centre, in their mean deviations, squashed into [0, 1].

    Only excess counts: to move less than one's peers is not strange. Centre and spread are running means with
    forgetting, refreshed every 256 events, so batches change nothing. Groups are small integers, ``groups`` at most;
    the last column of ``X`` (name ``~group`` sorts last) holds the group, a dict has it under ``~group``.

    Parameters
    ----------
    groups
        Most groups; higher ones share the last.
    memory
        Events of a group that a running mean remembers.
    """

    def __init__(self, groups: int = 16, memory: int = 20_000) -> None:
        self.groups = groups
        self.memory = memory
        self._centre = self._spread = np.zeros((0, 0))
        self._sum = self._deviation = np.zeros((0, 0))
        self._count = np.zeros(groups)
        self._fresh = np.zeros(groups)
        self._seen = 0
        self._names: list[str] = []

    def _parts(self, X: Any) -> tuple[Any, Any]:
        matrix = np.asarray(X, np.float64)
        features, group = np.nan_to_num(matrix[:, :-1]), np.nan_to_num(matrix[:, -1]).astype(np.int64)
        if len(self._centre) and self._centre.shape[1] != features.shape[1]:
            raise ValueError(f"X must have {self._centre.shape[1] + 1} columns")
        if not len(self._centre):
            shape = (self.groups, features.shape[1])
            self._centre, self._spread = np.zeros(shape), np.zeros(shape)
            self._sum, self._deviation = np.zeros(shape), np.zeros(shape)
        return features, np.clip(group, 0, self.groups - 1)

    def _refresh(self) -> None:
        for g in np.flatnonzero(self._fresh):
            fresh = self._fresh[g]
            weight = fresh / min(self._count[g] + fresh, self.memory)
            self._centre[g] += weight * (self._sum[g] / fresh - self._centre[g])
            self._spread[g] += weight * (self._deviation[g] / fresh - self._spread[g])
            self._count[g] += fresh
        self._sum[:] = 0
        self._deviation[:] = 0
        self._fresh[:] = 0

    def _walk(self, X: Any, *, learn: bool) -> Any:
        if not learn and not len(self._centre):
            return np.zeros(len(X))
        features, group = self._parts(X)
        result = np.zeros(len(features))
        start = 0
        while start < len(features):
            stop = min(len(features), start + REFRESH - self._seen % REFRESH) if learn else len(features)
            part = slice(start, stop)
            _score(features[part], group[part], self._centre, self._spread, self._count, result[part])
            if learn:
                _learn(features[part], group[part], self._centre, self._sum, self._deviation, self._fresh)
                self._seen += stop - start
                if self._seen % REFRESH == 0:
                    self._refresh()
            start = stop
        return result

    def learn_many(self, X: Any) -> None:
        """Learn rows in order."""
        self._walk(X, learn=True)

    def score_many(self, X: Any) -> Any:
        """Scores of rows, nothing learned."""
        return self._walk(X, learn=False)

    def score_learn_many(self, X: Any) -> Any:
        """Scores of rows, each scored before it is learned."""
        return self._walk(X, learn=True)

    def _row(self, x: dict[str, float]) -> Any:
        names = self._names or sorted(name for name in x if name != GROUP)
        return np.array([[x.get(name, 0.0) for name in names] + [x.get(GROUP, 0.0)]])

    def learn_one(self, x: dict[str, float]) -> None:
        """Learn one event; the first dict names the features. A missing one counts as 0, as does a missing ``~group``."""
        self._names = self._names or sorted(name for name in x if name != GROUP)
        self.learn_many(self._row(x))

    def score_one(self, x: dict[str, float]) -> float:
        """Score one event."""
        return float(self.score_many(self._row(x))[0])

    def state(self) -> dict[str, Any]:
        """All that was learned, as arrays."""
        return {
            "centre": self._centre,
            "spread": self._spread,
            "sum": self._sum,
            "deviation": self._deviation,
            "count": self._count,
            "fresh": self._fresh,
            "at": np.array([self._seen], np.int64),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._centre, self._spread = np.array(state["centre"]), np.array(state["spread"])
        self._sum, self._deviation = np.array(state["sum"]), np.array(state["deviation"])
        self._count, self._fresh = np.array(state["count"]), np.array(state["fresh"])
        self._seen = int(state["at"][0])


def build(seed: int) -> PeerGroupBaseline:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return PeerGroupBaseline()
