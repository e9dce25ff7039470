"""The online models of one shard over account-days, River's detectors among them, each calibrated on the stream itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from detector.catalogue import ModelRules, RiverModel
from detector.features.model_inputs import FEATURES
from detector.legs import LEG_MODELS
from detector.parts import part, under
from models import HalfSpaceTrees
from models.drift import DriftWatch
from models.money_trail import length_of
from models.own_history import OwnHistoryBaseline
from models.peer_group import PeerGroupBaseline
from models.river_detector import RiverDetector
from models.tail_probability import TailProbability

TREES, PEERS, OWN, RARITY, TRAIL, MET, COMPANY = range(7)
MODEL_NAMES: Final = ("half_space_trees", "peer_group", "own_history", *LEG_MODELS)

LEAST_TAIL: Final = 1e-6
"""No score is held to be rarer than one account-day in a million."""


class ModelSet:
    """Scores account-days by every model before each learns them; ``names`` in the order of the columns."""

    def __init__(self, rules: ModelRules, river: Sequence[RiverModel] = ()) -> None:
        self.trees = HalfSpaceTrees(rules.n_trees, rules.height, rules.window_size, seed=rules.seed, feature_names=FEATURES)
        self.peers = PeerGroupBaseline()
        self.own = OwnHistoryBaseline()
        self.river = [RiverDetector(one.name, one.parameters, list(FEATURES)) for one in river]
        self.names = (*MODEL_NAMES, *(f"river_{one.name}" for one in river))
        self.tails = [TailProbability() for _ in self.names]
        self.drift = DriftWatch((self.names[TREES], *FEATURES, *LEG_MODELS))

    @property
    def events(self) -> int:
        """Account-days learned so far."""
        return self.tails[TREES].seen

    def score_learn(self, features: Any, own: Any, group: Any, legs: Any, worth: Any) -> Any:
        """Calibrated scores, float64 of shape (rows, names), each row scored before it is learned.

        ``legs`` (rows, LEG_MODELS) is what the models of payments said of the account's of late, ``worth`` (rows) what new
        counterparties were worth then.
        """
        raw = [
            self.trees.score_learn_many(features),
            self.peers.score_learn_many(np.column_stack([features, group])),
            self.own.score_learn_many(own),
            *legs.T,
            *(model.score_learn_many(features) for model in self.river),
        ]
        self.drift.learn_many(np.column_stack([raw[TREES], features, legs]))
        calibrated = [tail.score_learn_many(column[:, None]) for tail, column in zip(self.tails, raw, strict=True)]
        scores = np.stack(calibrated, axis=1)
        # As rare as it is among the stream's accounts, but no rarer than chance alone would have it: where everybody's
        # amounts are alike, the longest trail of the month says nothing.
        scores[:, TRAIL] = np.minimum(scores[:, TRAIL], 1.0 - np.exp(-length_of(legs[:, TRAIL - RARITY])))
        for column in (MET, COMPANY):
            scores[:, column] = discounted(scores[:, column], worth)
        return scores

    def _own_models(self) -> dict[str, Any]:
        tails = {f"tail{k}": tail for k, tail in enumerate(self.tails[: len(MODEL_NAMES)])}
        return {"trees": self.trees, "peers": self.peers, **tails}

    def _rivers_models(self) -> dict[str, Any]:
        names = self.names[len(MODEL_NAMES) :]
        tails = {f"tail_{name}": tail for name, tail in zip(names, self.tails[len(MODEL_NAMES) :], strict=True)}
        return {**dict(zip(names, self.river, strict=True)), **tails}

    def learned(self) -> dict[str, Any]:
        """What our own models learned, as arrays by model and part: nothing of an account, and nothing of River's."""
        return _state_of(self._own_models())

    def start_from(self, learned: dict[str, Any]) -> None:
        """Begin with what other account-days taught."""
        _restore(self._own_models(), learned)

    def state(self) -> dict[str, Any]:
        """All that was learned, by part, for a checkpoint."""
        return {**self.learned(), **_state_of(self._rivers_models()), "drift": self.drift.state()}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        _restore({**self._own_models(), **self._rivers_models()}, parts)
        self.drift.restore(parts["drift"])


def discounted(scores: Any, worth: Any) -> Any:
    """Scores with their tails raised to ``worth``: where nearly every payment has a new counterparty, new ones say nothing.

    By logarithms: of one row NumPy makes a power of a half a square root, and of several it does not, so the size of a
    batch would show in the last bit.
    """
    return 1.0 - np.exp(worth * np.log(np.maximum(1.0 - scores, LEAST_TAIL)))


def _state_of(models: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name, model in models.items():
        parts |= under(name, model.state())
    return parts


def _restore(models: dict[str, Any], parts: dict[str, Any]) -> None:
    for name, model in models.items():
        model.restore(part(name, parts))
