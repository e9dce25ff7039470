"""The shard's online models at work: features of an account-day, calibrated scores, drift, and each account's best score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from detector.catalogue import ModelRules
from detector.decision import NONE, score
from detector.features.layout import CAUSE_DAY
from detector.findings import EvaluationRows, share
from models import HalfSpaceTrees
from models.drift import DriftWatch
from models.own_history import OwnHistoryBaseline
from models.peer_group import PeerGroupBaseline
from models.tail_probability import TailProbability

TREES, PEERS, OWN = range(3)
MODEL_NAMES: Final = ("half_space_trees", "peer_group", "own_history")

FEATURES: Final = (
    "credited_w30",
    "credits_w30",
    "debited_w30",
    "debits_w30",
    "flow_balance_w30",
    "new_payer_share_w30",
    "payees_w30",
    "payers_per_payee_w30",
    "payers_w10",
    "payers_w30",
    "returned_share",
    "returnee_share_w90",
)
"""In sorted order, each in [0, 1] by its own fixed scale: no scaler whose limits would follow the stream."""


def _log(value: Any, most: float) -> Any:
    """Logarithm scaled so that ``most`` gives 1; stranger magnitudes stay apart, the trees clip beyond."""
    return np.minimum(np.log1p(np.maximum(value, 0.0)) / np.log1p(most), 1.0)


def features_of(rows: EvaluationRows) -> Any:
    """Matrix (rows, len(FEATURES)) of float64 in [0, 1]; counts are of distinct persons or movements in the window."""
    w10, w30, w90 = rows.w10, rows.w30, rows.w90
    credited, debited = w30["credited"] / 100.0, w30["debited"] / 100.0
    return np.stack(
        [
            _log(credited, 1e8),
            _log(w30["credits"], 3e3),
            _log(debited, 1e8),
            _log(w30["debits"], 3e3),
            share(np.minimum(credited, debited), np.maximum(credited, debited)),
            share(w30["new_payers"], w30["payers"]),
            _log(w30["payees"], 1e3),
            _log(share(w30["payers"], w30["payees"] + 1.0), 1e3),
            _log(w10["payers"], 1e3),
            _log(w30["payers"], 1e3),
            share(rows.core["returned"], rows.core["debited"]),
            share(w90["returnees"], w90["payees"]),
        ],
        axis=1,
    )


def _own_features(rows: EvaluationRows) -> Any:
    value = np.log1p(rows.today["credited"] / 100.0)
    core = rows.core
    return np.stack([core["active_days"], core["usual_in_dev"], core["usual_in_mean"], value], axis=1)


class Scoring:
    """Scores rows by all models; only the rows of a day's end teach them, so an account-day counts once.

    Rows of another cause (a trigger inside the day) carry the account's newest score forward.
    """

    def __init__(self, rules: ModelRules, scores_from_ms: int | None = None) -> None:
        self.trees = HalfSpaceTrees(rules.n_trees, rules.height, rules.window_size, seed=rules.seed, feature_names=FEATURES)
        self.peers = PeerGroupBaseline()
        self.own = OwnHistoryBaseline()
        self.tails = [TailProbability() for _ in MODEL_NAMES]
        self.drift = DriftWatch()
        self._from_ms = scores_from_ms
        self._latest = np.zeros((0, len(MODEL_NAMES)))
        self._best = np.zeros(0)
        self._code = np.zeros(0, np.int8)

    def _reserve(self, rows: int) -> None:
        if rows <= len(self._best):
            return
        room = max(rows, 2 * len(self._best), 1024)
        for name in ("_latest", "_best", "_code"):
            old = getattr(self, name)
            new = np.zeros((room, *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def score(self, rows: EvaluationRows) -> Any:
        """Combined calibrated score of every row in [0, 1]: the mean of the models' tail probabilities."""
        account = rows.core["account"]
        self._reserve(int(account.max()) + 1)
        ended = np.flatnonzero(rows.core["cause"] == CAUSE_DAY)
        if len(ended):
            self._latest[account[ended]] = self._learned(rows.take(ended))
        return self._latest[account].mean(axis=1)

    def _learned(self, rows: EvaluationRows) -> Any:
        matrix = features_of(rows)
        grouped = np.column_stack([matrix, rows.core["holder_kind"]])
        raw = [
            self.trees.score_learn_many(matrix),
            self.peers.score_learn_many(grouped),
            self.own.score_learn_many(_own_features(rows)),
        ]
        self.drift.learn_many(raw[TREES])
        tails = [tail.score_learn_many(column[:, None]) for tail, column in zip(self.tails, raw, strict=True)]
        return np.stack(tails, axis=1)

    def named(self, row: int) -> dict[str, float]:
        """The account's newest calibrated scores by model, 4 decimals."""
        return {name: round(float(self._latest[row, k]), 4) for k, name in enumerate(MODEL_NAMES)}

    def keep_best(self, rows: EvaluationRows, value: Any, code: Any) -> None:
        """Remember each account's highest score (not rounded) and its category, from ``scores_from_ms`` on."""
        account = rows.core["account"]
        value, code = np.broadcast_to(value, account.shape), np.broadcast_to(np.asarray(code, np.int8), account.shape)
        if self._from_ms is not None:
            late = rows.core["last_ms"] >= self._from_ms
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

    def state(self) -> dict[str, Any]:
        """All that was learned, by part."""
        parts: dict[str, Any] = {"latest": self._latest, "best": self._best, "code": self._code}
        models: dict[str, Any] = {"trees": self.trees, "peers": self.peers} | {
            f"tail{k}": tail for k, tail in enumerate(self.tails)
        }
        for name, model in models.items():
            parts |= {f"{name}.{key}": value for key, value in model.state().items()}
        return parts | {"drift": self.drift.state()}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._latest, self._best = np.array(parts["latest"]), np.array(parts["best"])
        self._code = np.array(parts["code"])
        models: dict[str, Any] = {"trees": self.trees, "peers": self.peers} | {
            f"tail{k}": tail for k, tail in enumerate(self.tails)
        }
        for name, model in models.items():
            prefix = f"{name}."
            model.restore({key[len(prefix) :]: value for key, value in parts.items() if key.startswith(prefix)})
        self.drift.restore(parts["drift"])
