"""What verdicts change: places inside a band and who is looked at; never who is accused, never without a named finding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from contract.flag import Flag
from contract.profile import PROFILE
from contract.verdict import CONFIRMED, DISMISSED, Verdict, features_of
from detector.engine import Shard
from detector.likeness import CONFIRMED_LIKENESS, chances, names_of, reordered
from models.verdict_learner import LEAST_EACH
from tests.detector.listing import Listing
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, feed, profile, until
from tests.detector.stories import alone, on, paid_in

LIKENESS = "confirmed_likeness@1"
ROWS = [*paid_in(0, range(1, 16), 2_800), *paid_in(1, range(1, 16), 2_800), *paid_in(2, range(1, 16), 2_800)]
"""Fifteen persons pay one unit thrice: one named finding, which alone is no flag in the built-in catalogue."""


def verdict(kind: str, **features: float) -> Verdict:
    return Verdict(flag_id="F", revision=1, verdict=kind, decided_at="2026-03-01T00:00:00Z", features=features)


def taught(*, confirms: bool, count: int = 200) -> list[Verdict]:
    """Offices confirm what sells units, or dismiss it; the other way for what passes through."""
    kinds = (CONFIRMED, DISMISSED) if confirms else (DISMISSED, CONFIRMED)
    pairs = [
        (
            verdict(kinds[0], **{"finding.unit_priced_credits": 0.6}),
            verdict(kinds[1], **{"finding.pass_through": 0.6}),
        )
        for _ in range(count)
    ]
    return [one for pair in pairs for one in pair]


def told(verdicts: list[Verdict], catalogue: Any = CATALOGUE) -> list[Flag]:
    shard = Shard(INSTITUTION, 0, catalogue, turns=Listing(on={on(1): verdicts}))
    shard.profiles(batch_of([profile("a:1", "person")], PROFILE))
    return [*feed(shard, ROWS), *until(shard, on(3))]


def test_without_verdicts_and_with_too_few_nothing_is_said_of_them() -> None:
    assert told([]) == []
    assert told(taught(confirms=True, count=LEAST_EACH - 1)) == []


def test_an_account_like_confirmed_ones_is_looked_at_and_says_why() -> None:
    flags = told(taught(confirms=True))
    assert flags
    assert {flag.category for flag in flags} == {"observe"}
    (finding,) = [one for one in flags[-1].findings if one.typology == LIKENESS]
    assert finding.family == "model"
    assert finding.value >= 0.9
    assert "never an accusation" in finding.en
    assert [one.typology for one in flags[-1].findings if one.family != "model"] == ["unit_priced_credits@1"]


def test_an_account_like_dismissed_ones_is_not() -> None:
    assert told(taught(confirms=False)) == []


def test_inside_its_band_a_flag_moves_and_its_category_and_findings_stay() -> None:
    catalogue = alone("unit_priced_credits")
    plain, up, down = (told(given, catalogue) for given in ([], taught(confirms=True), taught(confirms=False)))
    assert {flags[-1].category for flags in (plain, up, down)} == {"illegal_fundraising"}, "three named families"
    scores = [flags[-1].score or 0.0 for flags in (down, plain, up)]
    assert scores[0] < scores[1] < scores[2]
    assert all(80 <= score <= 100 for score in scores)
    named = [[one for one in flags[-1].findings if one.family != "model"] for flags in (plain, up, down)]
    assert named[0] == named[1] == named[2]


def test_what_was_decided_of_a_flag_acts_from_the_turn_on_in_batches_of_any_size() -> None:
    def lines(size: int) -> list[Flag]:
        shard = Shard(INSTITUTION, 0, CATALOGUE, turns=Listing(on={on(1): taught(confirms=True)}))
        return [*feed(shard, ROWS, [size] * (len(ROWS) // size)), *until(shard, on(3))]

    assert lines(1) == lines(7) == lines(len(ROWS))


def test_a_shard_goes_on_from_a_checkpoint_with_what_verdicts_taught() -> None:
    turns = Listing(on={on(1): taught(confirms=True)})
    shard = Shard(INSTITUTION, 0, CATALOGUE, turns=turns)
    shard.profiles(batch_of([profile("a:1", "person")], PROFILE))
    first = feed(shard, ROWS[:20])
    again = Shard.restore(INSTITUTION, 0, CATALOGUE, shard.state(), turns=turns)
    rest = [*feed(again, ROWS[20:]), *until(again, on(3))]
    assert [*first, *rest] == told(taught(confirms=True))


def test_a_row_is_asked_with_the_numbers_that_its_flag_would_give_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learned and what is asked are the same, so that verdicts speak of accounts as they stand."""
    asked: list[dict[str, float]] = []

    def spy(learner: Any, spoken: Any, rows: Any, code: Any, models: Any) -> Any:
        class Spying:
            names = learner.names

            def chance_many(self, X: Any) -> Any:
                asked.extend(dict(zip(learner.names, row.tolist(), strict=True)) for row in X)
                return np.full(len(X), 0.5)

        return chances(Spying(), spoken, rows, code, models)  # type: ignore[arg-type]

    monkeypatch.setattr("detector.likeness.chances", spy)
    flags = told(taught(confirms=True), alone("unit_priced_credits"))
    newest = features_of(flags[-1])
    assert any(all(row.get(name, 0.0) == newest.get(name, 0.0) for name in row) for row in asked)


def test_names_are_those_of_named_findings_models_and_measures() -> None:
    names = names_of(CATALOGUE.typologies, ("half_space_trees",))
    assert list(names) == sorted(set(names))
    assert {"finding.pass_through", "finding.model_outlier", "model.half_space_trees", "families", "log.payers"} <= set(names)
    assert not any("likeness" in name for name in names), "it must not learn from itself"


def test_a_chance_of_nothing_asked_leaves_its_place() -> None:
    inside = np.array([0.2, 0.7])
    assert reordered(inside, np.array([np.nan, np.nan]), 500).tolist() == inside.tolist()
    assert reordered(inside, np.array([0.0, 1.0]), 10**9).tolist() == pytest.approx([0.1, 0.85])
    assert CONFIRMED_LIKENESS.family == "model"
