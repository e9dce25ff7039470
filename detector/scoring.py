"""The shard's models at work: who teaches them, what accounts are ordered by, and each account's best score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from detector.bundle import Bundle
from detector.catalogue import ModelRules, RiverModel
from detector.decision import NONE, score
from detector.features.layout import CAUSE_DAY
from detector.features.memory import NO_DAY
from detector.legs import LegScores
from detector.model_set import COMPANY, LEAST_TAIL, MET, OWN, RARITY, TRAIL, ModelSet
from detector.parts import part, under

FULL_DAYS: Final = 60
"""Days of stream after which a score counts in full: 30 until the windows that models read are full, 30 more until the
models know what full windows look like. Before, everybody's sums grow and every day looks stranger than all before it."""
LEG_PLACES: Final = (RARITY, TRAIL, MET, COMPANY)


def _without(scores: Any, places: tuple[int, ...]) -> Any:
    """Columns of all models but some; ``np.delete`` takes ten times as long where rows are few."""
    return scores[:, [place for place in range(scores.shape[1]) if place not in places]]


def _fisher(tails: Any) -> Any:
    """Chance that so many independent tail probabilities, rows of (rows, tests), would be as small together.

    Source: R. A. Fisher, Statistical Methods for Research Workers, on combining tests.
    """
    surprise = -np.log(np.maximum(tails, LEAST_TAIL)).sum(axis=1)
    term = np.exp(-surprise)
    survives = term.copy()
    for k in range(1, tails.shape[1]):
        term *= surprise / k
        survives += term
    return np.minimum(survives, 1.0)


def combined(scores: Any) -> Any:
    """One number in [0, 1] from rows of calibrated scores: Fisher's combined tail of three tests.

    The first is what trees, peers and River's detectors say together: they read the same numbers of an account's days, so
    they are one witness, heard in several ways. The others are new counterparties and new company.

    The own history is left out: over months every account has a day that is strange for itself, so it tells when to look,
    not at whom. So are rarity and trail of single payments, which made the order no better
    (docs/decisions/0064-models-of-payments.md); flags tell them and verdicts may learn what they are worth.

    >>> combined(np.array([[0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0]])).round(4).tolist()
    [0.0, 1.0]
    """
    tails = 1.0 - scores
    days = _fisher(_without(tails, (OWN, *LEG_PLACES)))
    return 1.0 - _fisher(np.stack([days, tails[:, MET], tails[:, COMPANY]], axis=1))


def outlying(scores: Any) -> Any:
    """What ``model_outlier`` is judged by: the mean over all but the models of payments, in [0, 1].

    A single payment, however rare, is no reason to look at an account.
    """
    return _without(scores, LEG_PLACES).mean(axis=1)


def _runs(mask: Any) -> Iterator[tuple[int, int]]:
    """Stretches of equal values."""
    cuts = np.flatnonzero(np.diff(mask)) + 1
    return pairwise([0, *cuts.tolist(), len(mask)])


class Scoring:
    """Scores rows by all models; only the rows of a day's end teach them, so an account-day counts once.

    Rows of another cause (a trigger inside the day) carry the account's newest score forward.
    """

    def __init__(
        self,
        rules: ModelRules,
        scores_from_ms: int | None = None,
        river: Sequence[RiverModel] = (),
        bundle: Bundle | None = None,
    ) -> None:
        self.models = ModelSet(rules, river)
        if bundle is not None:
            self.models.start_from(bundle.parts)
        self.legs = LegScores()
        self._from_ms = scores_from_ms
        self._latest = np.zeros((0, len(self.models.names)))
        self._best = np.zeros(0)
        self._code = np.zeros(0, np.int8)
        self._first_day = np.array([NO_DAY], np.int64)

    def _reserve(self, rows: int) -> None:
        if rows <= len(self._best):
            return
        # A power of two: the same room for the same accounts, whatever pieces they came in.
        room = max(1024, 1 << (rows - 1).bit_length())
        for name in ("_latest", "_best", "_code"):
            old = getattr(self, name)
            new = np.zeros((room, *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def score(self, moments: Any, features: Any, own: Any) -> Any:
        """Calibrated scores by model, float64 of shape (moments, names), each in [0, 1].

        ``moments`` as layout.MOMENT, ``features`` (moments, FEATURES) and ``own`` (moments, OWN_HISTORY) float64.
        Order matters: a trigger shows what the models thought of the account before its day's end.
        """
        account = moments["account"]
        self._reserve(int(account.max()) + 1)
        scores = np.empty((len(moments), len(self.models.names)))
        ended = moments["cause"] == CAUSE_DAY
        for start, stop in _runs(ended):
            part = slice(start, stop)
            if ended[start]:
                legs, worth = self.legs.of(account[part], moments["as_of"][part])
                scores[part] = self.models.score_learn(features[part], own[part], moments["holder_kind"][part], legs, worth)
                self._latest[account[part]] = scores[part]
            else:
                scores[part] = self._latest[account[part]]
        return scores

    def named(self, scores: Any) -> dict[str, float]:
        """One row of scores by model, 4 decimals, as a flag tells them."""
        return {name: round(value, 4) for name, value in zip(self.models.names, scores.tolist(), strict=True)}

    def order(self, moments: Any, scores: Any) -> Any:
        """What accounts are ordered by below and inside the bands, in [0, 1]: the combined score, damped while all is young."""
        if self._first_day[0] == NO_DAY:
            self._first_day[0] = moments["as_of"][0]
        days = np.clip(moments["as_of"] - self._first_day[0] + 1, 1, FULL_DAYS)
        return combined(scores) * (days / FULL_DAYS)

    def keep_best(self, moments: Any, value: Any, code: Any) -> None:
        """Remember each account's highest score (not rounded) and its category, from ``scores_from_ms`` on."""
        account = moments["account"]
        if self._from_ms is not None:
            late = moments["last_ms"] >= self._from_ms
            account, value, code = account[late], value[late], code[late]
        better = value >= self._best[account]
        np.maximum.at(self._best, account, value)
        np.maximum.at(self._code, account[better], code[better])

    def best(self, count: int) -> Iterator[tuple[float, int]]:
        """Best score and its category code of the first ``count`` accounts."""
        self._reserve(count)
        for row in range(count):
            code = int(self._code[row])
            yield max(float(self._best[row]), float(score(code, 0.0)) if code > NONE else 0.0), code

    def nbytes(self) -> int:
        """Bytes of what is kept by account, and of the tables of the models of payments."""
        return int(self._latest.nbytes + self._best.nbytes + self._code.nbytes) + self.legs.nbytes()

    def state(self) -> dict[str, Any]:
        """All that was learned, by part."""
        parts: dict[str, Any] = {"latest": self._latest, "best": self._best, "code": self._code, "first_day": self._first_day}
        return parts | under("legs", self.legs.state()) | under("models", self.models.state())

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._latest, self._best = np.array(parts["latest"]), np.array(parts["best"])
        self._code = np.array(parts["code"])
        self._first_day = np.array(parts["first_day"])
        self.models.restore(part("models", parts))
        self.legs.restore(part("legs", parts))
