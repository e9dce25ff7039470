"""What an online model is: River's interface one event at a time, and the same over a matrix."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class OnlineModel(Protocol):
    """A model that learns from a stream and scores in [0, 1], higher is stranger.

    ``X`` is float64 of shape (rows, features), columns in sorted feature-name order. ``score_learn_many`` scores each
    row before it learns it, so that it equals ``score_one`` and ``learn_one`` in turn, whatever the batches.
    """

    def learn_one(self, x: dict[str, float]) -> None:
        """Learn one event."""

    def score_one(self, x: dict[str, float]) -> float:
        """Score one event without learning it."""

    def learn_many(self, X: Any) -> None:
        """Learn rows in order."""

    def score_many(self, X: Any) -> Any:
        """Scores (float64) of rows, learning nothing."""

    def score_learn_many(self, X: Any) -> Any:
        """Scores of rows, each scored, then learned."""
