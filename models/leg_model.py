"""What models of payments have in common: River's one event at a time over their columns, and a table that makes room."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from models.hashed_keys import mixed_many


class LegModel:
    """A model that reads a payment a row, by ``columns``: one event is a matrix of one row."""

    columns: ClassVar[tuple[str, ...]]

    def score_many(self, X: Any) -> Any:
        """Scores (float64) of legs, nothing learned."""
        raise NotImplementedError

    def score_learn_many(self, X: Any) -> Any:
        """Scores of legs, each scored before it is learned."""
        raise NotImplementedError

    def learn_many(self, X: Any) -> None:
        """Learn legs in order."""
        self.score_learn_many(X)

    def learn_one(self, x: dict[str, float]) -> None:
        """Learn one leg; a missing part counts as 0."""
        self.learn_many(self._row(x))

    def score_one(self, x: dict[str, float]) -> float:
        """Score one leg."""
        return float(self.score_many(self._row(x))[0])

    def _row(self, x: dict[str, float]) -> Any:
        return np.array([[x.get(name, 0.0) for name in self.columns]])


def roomier(keys: Any, held: Any, newest: Any, ways: int, most_buckets: int) -> tuple[Any, Any, int]:
    """A table of ``keys`` (uint64, 0 free) in buckets of ``ways`` with twice the buckets, and how many keys it holds.

    ``held`` is what is remembered of each key, ``newest`` the day on which each last moved (of free places, anything). At
    ``most_buckets`` the table stays as large, and those that moved longer ago than its middle one go.
    """
    taken = np.flatnonzero(keys)
    kept, records, buckets = keys[taken], held[taken], len(keys) // ways
    if buckets < most_buckets:
        buckets *= 2
    else:
        young = np.sort(np.argsort(newest[taken], kind="stable")[len(taken) // 2 :])
        kept, records = kept[young], records[young]
    larger, beside = np.zeros(ways * buckets, np.uint64), np.zeros(ways * buckets, held.dtype)
    bucket = (mixed_many(kept) & np.uint64(buckets - 1)).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    inside = np.arange(len(order)) - np.searchsorted(bucket[order], bucket[order])
    at = ways * bucket[order] + inside
    larger[at], beside[at] = kept[order], records[order]
    return larger, beside, len(kept)
