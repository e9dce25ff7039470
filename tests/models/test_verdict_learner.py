"""The learner of verdicts: River's own numbers, learned in order, said of a row alike in whatever company."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.verdict_learner import LEAST_EACH, VerdictLearner

NAMES = ("a", "b", "c")


def verdicts(count: int, *, confirmed: float = 0.3, seed: int = 1, flipped: bool = False) -> list[tuple[dict[str, float], bool]]:
    """Confirmed ones have a high ``a``; ``b`` says nothing, ``c`` is never there."""
    rng = np.random.default_rng(seed)
    kinds = rng.random(count) < confirmed
    return [({"a": float(rng.normal(2.0 * (kind != flipped))), "b": float(rng.random())}, bool(kind)) for kind in kinds]


def taught(told: list[tuple[dict[str, float], bool]], learner: VerdictLearner | None = None) -> VerdictLearner:
    learner = learner or VerdictLearner(NAMES)
    for features, kind in told:
        learner.learn_one(features, is_confirmed=kind)
    return learner


ROWS = np.array([[2.0, 0.5, 0.0], [0.0, 0.5, 0.0], [-1.0, 0.1, 3.0]])


def test_it_says_nothing_before_enough_verdicts_of_both_kinds() -> None:
    learner = VerdictLearner(NAMES)
    assert learner.chance_many(ROWS).tolist() == [0.5, 0.5, 0.5]
    taught([({"a": 1.0}, True)] * (LEAST_EACH + 5), learner)
    assert not learner.is_ready
    taught([({"a": 0.0}, False)] * LEAST_EACH, learner)
    assert learner.is_ready
    assert learner.verdicts == 2 * LEAST_EACH + 5


@pytest.mark.parametrize("confirmed", [0.05, 0.5, 0.9])
def test_what_was_confirmed_is_told_from_what_was_dismissed_however_rare_it_is(confirmed: float) -> None:
    learner = taught(verdicts(800, confirmed=confirmed))
    alike, other, _ = learner.chance_many(ROWS)
    assert alike > 0.65
    assert other < 0.35


def test_chances_are_rivers_to_the_last_digits() -> None:
    learner = taught(verdicts(200))
    scaler, model, _ = learner._parts()  # noqa: SLF001  River's own parts
    for row, chance in zip(ROWS, learner.chance_many(ROWS), strict=True):
        river = model.predict_proba_one(scaler.transform_one(dict(zip(NAMES, row.tolist(), strict=True))))[True]
        assert chance == pytest.approx(river, rel=1e-12)


def test_a_row_has_one_chance_in_whatever_company_and_asking_teaches_nothing() -> None:
    learner = taught(verdicts(200))
    many = np.random.default_rng(2).normal(size=(1000, 3))
    together = learner.chance_many(many)
    for size in (1, 3, 7, 64):
        pieces = [learner.chance_many(many[at : at + size]) for at in range(0, len(many), size)]
        assert np.array_equal(np.concatenate(pieces), together)
    assert ((together >= 0) & (together <= 1)).all()


def test_it_goes_on_after_a_checkpoint_as_if_there_had_been_none() -> None:
    whole, broken = VerdictLearner(NAMES), VerdictLearner(NAMES)
    broken.restore(broken.state())
    for told in verdicts(300):
        taught([told], whole)
        taught([told], broken)
        state, broken = broken.state(), VerdictLearner(NAMES)
        broken.restore(state)
    assert np.array_equal(whole.chance_many(ROWS), broken.chance_many(ROWS))
    assert (whole.confirmed, whole.dismissed, whole.drifts) == (broken.confirmed, broken.dismissed, broken.drifts)


def test_a_verdict_is_scored_before_it_is_learned() -> None:
    learner = taught(verdicts(300))
    before = learner.chance_many(np.array([[50.0, 0.5, 0.0]]))[0]
    first = learner.learn_one({"a": 50.0, "b": 0.5}, is_confirmed=False)
    again = learner.learn_one({"a": 50.0, "b": 0.5}, is_confirmed=False)
    assert before > 0.9
    assert first > again


def test_offices_that_begin_to_decide_otherwise_are_seen_as_drift() -> None:
    learner = taught(verdicts(600))
    assert learner.drifts == 0
    taught(verdicts(600, seed=3, flipped=True), learner)
    assert learner.drifts > 0


@pytest.mark.parametrize("features", [{}, {"unknown": 1e15}, {"a": 1e15}, {"a": -1e15, "b": 0.0}])
def test_strange_features_leave_finite_chances(features: dict[str, Any]) -> None:
    learner = taught(verdicts(100))
    for _ in range(5):
        learner.learn_one(features, is_confirmed=True)
    assert np.isfinite(learner.chance_many(ROWS)).all()
