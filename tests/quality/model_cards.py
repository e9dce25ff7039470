"""A card of every model: what it is, what it reads, what it cannot say, and what was measured of it alone."""

from __future__ import annotations

import csv
import gzip
import importlib
import inspect
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import average_precision_score, roc_auc_score

from detector.engine import Shard
from detector.features.layout import CAUSE_DAY, NEVER
from detector.features.model_inputs import FEATURES, OWN_HISTORY
from detector.legs import LEG_MODELS
from detector.model_set import MODEL_NAMES
from detector.replay_command import replay
from detector.scoring import Scoring
from models import builders
from models.checks import Trial

TIMED_ROWS: Final = 100_000
READS: Final = {
    "half_space_trees": FEATURES,
    "peer_group": (*FEATURES, "kind of holder"),
    "own_history": OWN_HISTORY,
    **{name: importlib.import_module(f"models.{name}").COLUMNS for name in LEG_MODELS},
}
"""What each model reads; the first three of account-days, the last two of single payments."""


class Stand(NamedTuple):
    """Labelled movements to measure on: name, what they are, options of ``replay``, labels, and from when scores count."""

    name: str
    about: str
    options: tuple[str, ...]
    labels: dict[str, int]
    since_day: int


class Measured(NamedTuple):
    """Account PR-AUC and ROC-AUC by model name, and the share of accounts that are labelled 1."""

    base: float
    by_model: dict[str, tuple[float, float]]


class Watch:
    """Keeps each account's highest calibrated score by model, of all shards of a replay."""

    def __init__(self, since_day: int) -> None:
        self._since_day = since_day
        self._best: dict[int, Any] = {}
        self.found: dict[str, Any] = {}

    def note(self, models: Any, moments: Any, scores: Any) -> None:
        """Note what a shard's models said of account-days."""
        counts = (moments["cause"] == CAUSE_DAY) & (moments["as_of"] >= self._since_day)
        account = moments["account"][counts]
        best = self._best.setdefault(id(models), np.zeros((0, scores.shape[1])))
        room = int(moments["account"].max()) + 1 - len(best)
        if room > 0:
            best = self._best[id(models)] = np.concatenate([best, np.zeros((room, scores.shape[1]))])
        np.maximum.at(best, account, scores[counts])

    def name(self, shard: Shard, names: list[str]) -> None:
        """Learn what a shard's accounts are called; ``names`` are of those that moved, in order of rows."""
        accounts = shard.state()["memory.accounts"]
        rows = np.flatnonzero(accounts["first_ms"] != NEVER)
        best = self._best.get(id(shard.models), np.zeros((0, len(MODEL_NAMES))))
        for name, row in zip(names, rows.tolist(), strict=True):
            if row < len(best):
                self.found[name] = best[row]


def measured(stand: Stand, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Measured:
    """Replay in this process and ask how each model alone would have ordered the labelled accounts."""
    watch, score, scores = Watch(stand.since_day), Scoring.score, Shard.scores

    def watched_score(self: Scoring, moments: Any, features: Any, own: Any) -> Any:
        found = score(self, moments, features, own)
        watch.note(self.models, moments, found)
        return found

    def named_scores(self: Shard) -> Iterator[tuple[str, float, str]]:
        told = list(scores(self))
        watch.name(self, [name for name, _, _ in told])
        return iter(told)

    folder.mkdir(parents=True, exist_ok=True)
    with monkeypatch.context() as patch:
        patch.setattr(Scoring, "score", watched_score)
        patch.setattr(Shard, "scores", named_scores)
        told = ("--flags", str(folder / "flags.jsonl"), "--scores", str(folder / "scores.csv"))
        CliRunner().invoke(replay, [*stand.options, *told], catch_exceptions=False)
    names = sorted(stand.labels)
    truth = np.array([stand.labels[name] for name in names])
    nothing = np.zeros(len(MODEL_NAMES))
    table = np.array([watch.found.get(name, nothing) for name in names])
    figures = {
        model: (float(average_precision_score(truth, column)), float(roc_auc_score(truth, column)))
        for model, column in zip(MODEL_NAMES, table.T, strict=True)
    }
    return Measured(float(truth.mean()), figures)


def labels_of_city(folder: Path) -> dict[str, int]:
    """1 for accounts of schemes, 0 for every other account of the city's profiles."""
    with (folder / "profiles.csv").open(newline="", encoding="utf-8") as source:
        found = {row["account_id"]: 0 for row in csv.DictReader(source)}
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as source:
        return found | {row["account_id"]: int(row["label"] == "1") for row in csv.DictReader(source)}


def labels_of_set(data: Path) -> dict[str, int]:
    """A third party's labels of accounts."""
    with gzip.open(data / "accounts.csv.gz", "rt") as source:
        return {row["account"]: int(row["label"]) for row in csv.DictReader(source) if row["label"] in ("0", "1")}


def microseconds(name: str) -> float:
    """CPU time a row of ``score_learn_many``, after it is warm, on rows of the contract's checks; the least of three runs."""
    trial = Trial.of(name, dict(builders())[name])
    model, rows, runs = trial.warm(), trial.usual(TIMED_ROWS, 1), []
    for _ in range(3):
        began = time.process_time()
        model.score_learn_many(rows)
        runs.append(time.process_time() - began)
    return 1e6 * min(runs) / TIMED_ROWS


def _said(kind: Any) -> str:
    """The prose of a class's docstring: what stands before its first section or example."""
    said = inspect.cleandoc(kind.__doc__ or "").split("\nParameters\n")[0].split("\nReferences\n")[0].split("\n>>>")[0]
    return said.replace("``", "`").strip()


def _sources(kind: Any) -> Iterator[str]:
    text = inspect.cleandoc(kind.__doc__ or "")
    if "\nReferences\n" in text:
        for one in text.split("\nReferences\n")[1].split(".. [")[1:]:
            yield f"- {' '.join(one.partition(']')[2].split())}"


def card(name: str, stands: dict[str, Measured]) -> Iterator[str]:
    """Lines of a model's card."""
    module = importlib.import_module(f"models.{name}")
    kind = type(dict(builders())[name](1))
    yield from (f"## {name}", "", _said(kind), "", f"**Reads** {', '.join(f'`{one}`' for one in READS[name])}.", "")
    yield from (f"**Cannot say.** {module.LIMITS}", "")
    yield f"**Costs** {microseconds(name):.2f} µs of CPU a row scored and learned, in batches (machine shared with other work)."
    yield from ("", "| alone, on | accounts labelled | PR-AUC | ROC-AUC |", "|---|---|---|---|")
    for stand, figures in stands.items():
        precision, roc = figures.by_model[name]
        yield f"| {stand} | {figures.base:.2%} | {precision:.4f} | {roc:.4f} |"
    sources = list(_sources(kind))
    if sources:
        yield from ("", "Sources:", "", *sources)
    yield ""
