"""Prequential comparison of classifiers of verdicts: each flag is asked when it opens and taught when it was decided."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from river import forest, naive_bayes, tree
from sklearn.metrics import roc_auc_score

from contract.flag import Flag, decode
from contract.shanghai import parse_ms
from contract.verdict import features_of
from models.verdict_learner import VerdictLearner

DAY_MS = 86_400_000
TAUGHT_FIRST = 60


class Case(NamedTuple):
    """A flag with when it opened and was decided, what it said then, its category, and whether it was right."""

    opened: int
    decided: int
    asked: dict[str, float]
    taught: dict[str, float]
    category: str
    is_confirmed: bool


def cases(folder: Path, seed: int) -> Iterator[Case]:
    """One case a flag of a replayed city; offices take 5 to 25 days."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as source:
        right = {row["account_id"] for row in csv.DictReader(source) if row["label"] == "1"}
    revisions: dict[str, list[Flag]] = {}
    for line in (folder / "flags.jsonl").read_bytes().splitlines():
        flag = decode(line)
        if flag.category != "large_value":
            revisions.setdefault(flag.flag_id, []).append(flag)
    rng = random.Random(seed)
    for _, told in sorted(revisions.items()):
        opened = parse_ms(told[0].opened_at)
        decided = opened + rng.randint(5, 25) * DAY_MS
        seen = [flag for flag in told if parse_ms(flag.updated_at) <= decided][-1]
        yield Case(opened, decided, features_of(told[0]), features_of(seen), seen.category, seen.account_id in right)


class OfRiver:
    """Any classifier of River behind the learner's two questions."""

    def __init__(self, names: tuple[str, ...], model: Any) -> None:
        self._names, self._model = names, model

    def learn_one(self, features: dict[str, float], *, is_confirmed: bool) -> None:
        """Learn a verdict."""
        self._model.learn_one({name: features.get(name, 0.0) for name in self._names}, is_confirmed)

    def chance_many(self, X: Any) -> Any:
        """Chance of each row."""
        rows = (dict(zip(self._names, row.tolist(), strict=True)) for row in X)
        return np.array([self._model.predict_proba_one(row).get(True, 0.5) for row in rows])


MODELS: dict[str, Callable[[tuple[str, ...]], Any]] = {
    "logistic regression": VerdictLearner,
    "Hoeffding adaptive tree": lambda names: OfRiver(names, tree.HoeffdingAdaptiveTreeClassifier(grace_period=50, seed=1)),
    "adaptive random forest": lambda names: OfRiver(names, forest.ARFClassifier(n_models=10, seed=1)),
    "Gaussian naive Bayes": lambda names: OfRiver(names, naive_bayes.GaussianNB()),
}


def prequential(model: Any, names: tuple[str, ...], found: list[Case]) -> list[tuple[float, Case]]:
    """The chance that each case was given when it opened, once enough had been taught."""
    steps = sorted([(one.opened, 0, k) for k, one in enumerate(found)] + [(one.decided, 1, k) for k, one in enumerate(found)])
    given: list[tuple[float, Case]] = []
    taught = 0
    for _, is_decision, k in steps:
        if is_decision:
            model.learn_one(found[k].taught, is_confirmed=found[k].is_confirmed)
            taught += 1
        elif taught >= TAUGHT_FIRST:
            row = np.array([[found[k].asked.get(name, 0.0) for name in names]])
            given.append((float(model.chance_many(row)[0]), found[k]))
    return given


def compared(found: list[Case]) -> dict[str, float]:
    """Area under the curve by model, over all categories."""
    names = tuple(sorted({name for one in found for name in one.taught}))
    result = {}
    for title, make in MODELS.items():
        given = prequential(make(names), names, found)
        result[title] = float(roc_auc_score([one.is_confirmed for _, one in given], [chance for chance, _ in given]))
    return result
