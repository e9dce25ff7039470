"""What every online model of the package must do, as named checks in the manner of River's and scikit-learn's."""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models.base import OnlineModel

COLUMNS: Final = {f"f{k}": (0.4, 0.05, 0.95) for k in range(6)}
"""Columns that models are tried on: name to usual value, its spread and a strange value."""
WARM: Final = 1_200
"""Rows after which every model scores; four refreshes of the calibrated ones and more."""

Build = Callable[[int], OnlineModel]


@dataclass(frozen=True, slots=True)
class Trial:
    """A model's builder and rows for it; a module's ``CHECK_COLUMNS`` says what its columns mean, where they mean something."""

    build: Build
    columns: dict[str, tuple[float, float, float]]

    @classmethod
    def of(cls, name: str, build: Build) -> Trial:
        """The trial of the model in ``models/<name>.py``."""
        return cls(build, getattr(importlib.import_module(f"models.{name}"), "CHECK_COLUMNS", COLUMNS))

    def usual(self, count: int, seed: int, *, gaps: float = 0.0) -> Any:
        """Rows of ordinary values, columns in sorted order of their names; ``gaps`` is the share that is NaN."""
        rng = np.random.default_rng(seed)
        parts = [self.columns[name] for name in sorted(self.columns)]
        rows = np.stack([rng.normal(usual, spread, count) for usual, spread, _ in parts], axis=1)
        rows[rng.random(rows.shape) < gaps] = np.nan
        return rows

    def strange(self, count: int) -> Any:
        """Rows that no ordinary one comes near."""
        return np.tile([self.columns[name][2] for name in sorted(self.columns)], (count, 1))

    def dicts(self, rows: Any) -> list[dict[str, float]]:
        """Rows as River's dicts."""
        names = sorted(self.columns)
        return [dict(zip(names, map(float, row), strict=True)) for row in rows]

    def new(self, seed: int = 1) -> OnlineModel:
        """A model that knows the names of its columns, from one usual event."""
        model = self.build(seed)
        model.learn_one(self.dicts(self.usual(1, 0))[0])
        return model

    def warm(self, seed: int = 1) -> OnlineModel:
        """A model that has learned enough to score."""
        model = self.new(seed)
        model.learn_many(self.usual(WARM, 2))
        return model


def check_score_before_learning_is_defined(trial: Trial) -> None:
    """A model that has learned nothing gives a score, not an error, and is none the wiser for having been asked."""
    model, x = trial.build(1), trial.dicts(trial.usual(1, 0))[0]
    for asked in ({}, dict(list(x.items())[:1]), x):
        assert 0.0 <= model.score_one(asked) <= 1.0
    model.learn_one(x)
    rows = trial.usual(WARM, 1)
    assert np.array_equal(model.score_learn_many(rows), trial.new().score_learn_many(rows))


def check_scores_are_finite_and_between_0_and_1(trial: Trial) -> None:
    """Over ordinary, strange, missing and absurd values."""
    absurd = np.concatenate([trial.usual(3, 4) * factor for factor in (0.0, -1.0, 1e9, -1e9)])
    rows = np.concatenate([trial.usual(2 * WARM, 3, gaps=0.05), trial.strange(20), absurd, np.full_like(absurd, np.nan)])
    scores = trial.new().score_learn_many(rows)
    assert scores.shape == (len(rows),)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    assert ((scores >= 0.0) & (scores <= 1.0)).all()


def check_scoring_does_not_learn(trial: Trial) -> None:
    """However often a model is asked, it goes on as one that was not."""
    asked, quiet = trial.warm(), trial.warm()
    probe = trial.usual(400, 5)
    first = asked.score_many(probe)
    for x in trial.dicts(probe[:20]):
        asked.score_one(x)
    assert np.array_equal(asked.score_many(probe), first)
    rows = trial.usual(700, 6)
    assert np.array_equal(asked.score_learn_many(rows), quiet.score_learn_many(rows))


def check_input_is_left_untouched(trial: Trial) -> None:
    """Neither a matrix nor a dict is written to."""
    model, rows = trial.warm(), trial.usual(300, 7, gaps=0.05)
    before = rows.copy()
    model.learn_many(rows)
    model.score_many(rows)
    model.score_learn_many(rows)
    assert np.array_equal(rows, before, equal_nan=True)
    x = trial.dicts(trial.usual(1, 8))[0]
    model.learn_one(x)
    model.score_one(x)
    assert x == trial.dicts(trial.usual(1, 8))[0]


def check_one_by_one_equals_many(trial: Trial) -> None:
    """Scored and learned event by event, scores are those of the matrix to the last bit, NaN included."""
    rows = trial.usual(WARM, 9, gaps=0.03)
    model, scores = trial.new(), []
    for x in trial.dicts(rows):
        scores.append(model.score_one(x))
        model.learn_one(x)
    assert np.array_equal(np.array(scores, np.float64), trial.new().score_learn_many(rows))


def check_batches_change_nothing(trial: Trial) -> None:
    """In whatever pieces rows come, empty ones among them, scores are the same to the last bit."""
    rows, rng = trial.usual(3 * WARM, 10, gaps=0.03), np.random.default_rng(10)
    whole = trial.new().score_learn_many(rows)
    for most in (3, 300, 2_000):
        model, scores, at = trial.new(), [], 0
        while at < len(rows):
            step = int(rng.integers(0, most + 1))
            scores.append(model.score_learn_many(rows[at : at + step]))
            at += step
        assert np.array_equal(np.concatenate(scores), whole)


def check_score_learn_many_is_score_then_learn(trial: Trial) -> None:
    """Row by row, the combined call is the two in turn; ``learn_many`` alone teaches the same."""
    rows, one, other = trial.usual(500, 11), trial.warm(), trial.warm()
    expected = one.score_learn_many(rows)
    scores = []
    for k in range(len(rows)):
        scores.append(other.score_many(rows[k : k + 1])[0])
        other.learn_many(rows[k : k + 1])
    assert np.array_equal(np.array(scores), expected)
    assert np.array_equal(one.score_many(rows), other.score_many(rows))


def check_the_seed_decides(trial: Trial) -> None:
    """Two models of one seed score alike."""
    rows = trial.usual(2 * WARM, 12)
    assert np.array_equal(trial.new(7).score_learn_many(rows), trial.new(7).score_learn_many(rows))


def check_a_pickled_model_goes_on_unchanged(trial: Trial) -> None:
    """Written in the middle of a window and read again."""
    model, rows = trial.warm(), trial.usual(WARM, 13)
    model.learn_many(rows[:77])
    copied = pickle.loads(pickle.dumps(model))  # noqa: S301  our own bytes
    assert np.array_equal(copied.score_learn_many(rows[77:]), model.score_learn_many(rows[77:]))


def check_a_restored_model_goes_on_unchanged(trial: Trial) -> None:
    """A model that keeps a state takes it up in another one made alike, whatever the first does afterwards."""
    model: Any = trial.warm()
    if not hasattr(model, "state"):
        return
    rows = trial.usual(WARM, 14)
    model.learn_many(rows[:77])
    state = {name: np.array(part) for name, part in model.state().items()}
    expected = model.score_learn_many(rows[77:])
    restored: Any = trial.new()
    restored.restore(state)
    assert np.array_equal(restored.score_learn_many(rows[77:]), expected)
    again: Any = trial.new()
    again.restore(state)
    assert np.array_equal(again.score_learn_many(rows[77:]), expected), "restoring must copy"


def check_missing_and_unknown_features_are_borne(trial: Trial) -> None:
    """A dict may lack a name, have one more or be empty: it gets a score, is learned, and nothing is forgotten for it."""
    model, probe = trial.warm(), trial.usual(300, 15)
    before = model.score_many(probe)
    whole = trial.dicts(trial.usual(1, 16))[0]
    odd: list[dict[str, float]] = [{**whole, "unheard_of": 1.0}, {}]
    odd += [{name: value for name, value in whole.items() if name != left_out} for left_out in whole]
    for x in odd:
        assert 0.0 <= model.score_one(x) <= 1.0
    assert np.array_equal(model.score_many(probe), before)
    for x in odd:
        model.learn_one(x)
    assert np.abs(model.score_many(probe) - before).mean() < 0.2
    assert np.isfinite(model.score_learn_many(trial.usual(WARM, 17))).all()


def check_strange_rows_score_higher(trial: Trial) -> None:
    """By far: nine in ten ordinary rows lie below every strange one."""
    model = trial.warm()
    usual, strange = model.score_many(trial.usual(500, 18)), model.score_many(trial.strange(20))
    assert np.quantile(usual, 0.9) < strange.min()


def check_memory_is_bounded(trial: Trial) -> None:
    """Learning twice as much keeps no more."""
    model = trial.warm()
    before = len(pickle.dumps(model))
    model.learn_many(trial.usual(20 * WARM, 19))
    assert len(pickle.dumps(model)) <= 1.02 * before + 256


def yield_checks() -> Iterator[tuple[str, Callable[[Trial], None]]]:
    """Every check of this module by its name."""
    for name, check in sorted(globals().items()):
        if name.startswith("check_"):
            yield name.removeprefix("check_"), check
