"""The models at work: who teaches them, what a trigger sees, which score of an account is kept; a model alone never accuses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from detector.catalogue import ModelRules, RiverModel
from detector.decision import ILLEGAL, NONE, OBSERVE
from detector.features.layout import CAUSE_DAY, CAUSE_LATE, CAUSE_RUNG, CAUSE_SILENT, CAUSE_SO_FAR, EVALUATION, MOMENT, WINDOW
from detector.features.model_inputs import FEATURES, OWN_HISTORY
from detector.findings import EvaluationRows
from detector.legs import LEG_MODELS
from detector.model_outlier import MODEL_OUTLIER
from detector.model_set import COMPANY, MET, MODEL_NAMES, TRAIL, ModelSet, discounted
from detector.scoring import FULL_DAYS, Scoring, combined, outlying
from models.money_trail import length_of
from tests.detector.shards import new_shard

RULES = ModelRules(n_trees=5, height=4, window_size=300)
WARM = 2_048


def moments(accounts: Any, cause: int = CAUSE_DAY, last_ms: int = 0) -> Any:
    made = np.zeros(len(accounts), MOMENT)
    made["account"], made["cause"], made["last_ms"] = accounts, cause, last_ms
    return made


def usual(count: int, seed: int = 0) -> tuple[Any, Any]:
    """Inputs of ordinary account-days: features about a third, an inflow like the account's own past."""
    rng = np.random.default_rng(seed)
    own = np.column_stack([np.full(count, 30.0), np.ones(count), np.full(count, 5.0), rng.normal(5.0, 0.5, count)])
    return rng.normal(0.3, 0.05, (count, len(FEATURES))).clip(0, 1), own


def strange(count: int) -> tuple[Any, Any]:
    """Inputs that no ordinary account-day comes near."""
    return np.full((count, len(FEATURES)), 0.98), np.tile([30.0, 1.0, 5.0, 16.0], (count, 1))


def warm(scores_from_ms: int | None = None) -> Scoring:
    scoring = Scoring(RULES, scores_from_ms)
    scoring.score(moments(np.arange(WARM) % 100), *usual(WARM))
    return scoring


def test_inputs_have_one_column_a_feature_and_scores_one_a_model() -> None:
    assert len(OWN_HISTORY) == 4
    assert list(FEATURES) == sorted(FEATURES)
    assert Scoring(RULES).score(moments([3]), *usual(1)).shape == (1, len(MODEL_NAMES))


def test_a_strange_account_day_scores_above_nearly_all_ordinary_ones() -> None:
    scoring = warm()
    ordinary = outlying(scoring.score(moments(np.arange(200)), *usual(200, 1)))
    odd = outlying(scoring.score(moments([7]), *strange(1)))
    assert odd[0] > np.quantile(ordinary, 0.99)
    assert odd[0] > 0.98


def told(**scores: float) -> Any:
    """One row of scores, 0.5 where nothing else is said."""
    return np.array([[scores.get(name, 0.5) for name in MODEL_NAMES]])


@pytest.mark.parametrize("name", ["half_space_trees", "peer_group", "new_counterparties", "new_company"])
def test_what_orders_accounts_does_so_alone_and_more_beside_another(name: str) -> None:
    other = "peer_group" if name != "peer_group" else "new_company"
    neither, one, both = (combined(told(**scores)) for scores in ({}, {name: 0.99}, {name: 0.99, other: 0.99}))
    assert both > one > neither


def test_trees_and_peers_who_read_the_same_numbers_weigh_less_together_than_two_that_read_different_ones() -> None:
    same, different = told(half_space_trees=0.999, peer_group=0.999), told(peer_group=0.999, new_company=0.999)
    assert combined(same) < combined(different)


@pytest.mark.parametrize("name", ["own_history", "edge_rarity", "money_trail"])
def test_neither_an_accounts_own_past_nor_a_single_payment_orders_accounts(name: str) -> None:
    assert combined(told(**{name: 0.0})) == combined(told(**{name: 0.999}))


@pytest.mark.parametrize("name", LEG_MODELS)
def test_models_of_payments_make_no_outlier(name: str) -> None:
    assert outlying(told(**{name: 0.0})) == outlying(told(**{name: 0.999}))


def test_where_all_payments_go_to_somebody_new_new_counterparties_and_company_say_nothing() -> None:
    models, (features, own) = ModelSet(RULES), usual(WARM)
    models.score_learn(features, own, np.zeros(WARM), np.zeros((WARM, len(LEG_MODELS))), np.ones(WARM))
    last = np.tile([0.0, 0.0, 0.9, 0.9], (3, 1))
    scores = models.score_learn(features[:3], own[:3], np.zeros(3), last, np.array([1.0, 0.5, 0.0]))[:, [MET, COMPANY]]
    assert (scores[0] > scores[1]).all()
    assert (scores[1] > 0.5).all()
    assert (scores[2] == 0.0).all()


@pytest.mark.parametrize("worth", [0.0, 0.5, 0.3, 1.0])
def test_what_new_counterparties_are_worth_is_the_same_for_one_row_as_for_many(worth: float) -> None:
    scores = np.random.default_rng(5).random(4_001)
    together = discounted(scores, np.full(len(scores), worth))
    alone = np.concatenate([discounted(scores[k : k + 1], np.full(1, worth)) for k in range(len(scores))])
    assert alone.tobytes() == together.tobytes()


def test_a_trail_is_as_rare_as_it_is_among_account_days_but_no_rarer_than_chance_would_have_it() -> None:
    models, (features, own) = ModelSet(RULES), usual(WARM)
    legs = np.zeros((WARM, len(LEG_MODELS)))
    models.score_learn(features, own, np.zeros(WARM), legs, np.ones(WARM))
    last = np.array([[0.0, 0.1, 0.0, 0.0], [0.0, 0.9, 0.0, 0.0]])
    short, long = models.score_learn(features[:2], own[:2], np.zeros(2), last, np.ones(2))[:, TRAIL]
    assert short == pytest.approx(1.0 - math.exp(-float(length_of(0.1))))
    assert 0.4 < short < 0.6 < 0.99 < long


def test_a_score_of_a_young_shard_counts_less_until_its_windows_are_known() -> None:
    scoring, same = Scoring(RULES), np.full((1, len(MODEL_NAMES)), 0.9)
    days = []
    for day in (100, 100 + FULL_DAYS // 2 - 1, 100 + FULL_DAYS - 1, 100 + 3 * FULL_DAYS):
        at = moments([1])
        at["as_of"] = day
        days.append(float(scoring.order(at, same)[0]))
    assert days[0] < days[1] < days[2] == days[3] == combined(same)[0]
    restored = Scoring(RULES)
    restored.restore(scoring.state())
    early = moments([1])
    early["as_of"] = 100
    assert restored.order(early, same)[0] == days[0]


@pytest.mark.parametrize("cause", [CAUSE_RUNG, CAUSE_LATE, CAUSE_SILENT, CAUSE_SO_FAR])
def test_only_a_days_end_teaches_and_other_moments_show_the_accounts_newest_score(cause: int) -> None:
    scoring, other = warm(), warm()
    [newest] = scoring.score(moments([7]), *strange(1))
    shown = scoring.score(moments([7, 8], cause), *usual(2, 3))
    assert np.array_equal(shown[0], newest)
    assert not np.array_equal(shown[1], newest)
    other.score(moments([7]), *strange(1))
    rows = (moments(np.arange(600) % 90), *usual(600, 4))
    assert np.array_equal(scoring.score(*rows), other.score(*rows))


def test_an_account_that_has_no_day_behind_it_scores_nothing() -> None:
    assert warm().score(moments([5_000], CAUSE_RUNG), *strange(1)).tolist() == [[0.0] * len(MODEL_NAMES)]


def test_a_trigger_between_two_days_ends_sees_the_earlier_one_however_rows_are_grouped() -> None:
    causes = [CAUSE_DAY, CAUSE_RUNG, CAUSE_DAY, CAUSE_RUNG]
    rows = moments([7] * 4)
    rows["cause"] = causes
    features, own = (np.concatenate(parts) for parts in zip(usual(2, 5), strange(2), strict=True))
    together = warm().score(rows, features, own)
    scoring = warm()
    apart = [scoring.score(rows[k : k + 1], features[k : k + 1], own[k : k + 1])[0] for k in range(4)]
    assert np.array_equal(together, np.array(apart))
    assert np.array_equal(together[1], together[0])
    assert np.array_equal(together[3], together[2])


def best(scoring: Scoring, account: int) -> tuple[float, int]:
    return list(scoring.best(account + 1))[account]


def test_each_account_keeps_its_highest_score_and_that_ones_category() -> None:
    scoring = warm()
    for value, code in ((12.0, NONE), (45.0, OBSERVE), (93.4, ILLEGAL), (50.0, OBSERVE), (3.0, NONE)):
        scoring.keep_best(moments([4]), np.array([value]), np.array([code], np.int8))
    assert best(scoring, 4) == (93.4, ILLEGAL)
    assert best(scoring, 5) == (0.0, NONE)


def test_scores_of_movements_before_the_wanted_time_are_not_kept() -> None:
    scoring = warm(scores_from_ms=1_000)
    scoring.keep_best(moments([4], last_ms=999), np.array([93.4]), np.array([ILLEGAL], np.int8))
    scoring.keep_best(moments([4], last_ms=1_000), np.array([45.0]), np.array([OBSERVE], np.int8))
    assert best(scoring, 4) == (45.0, OBSERVE)


def test_restored_scoring_goes_on_unchanged_and_keeps_what_was_best() -> None:
    scoring, restored = warm(), Scoring(RULES)
    scoring.keep_best(moments([4]), np.array([45.0]), np.array([OBSERVE], np.int8))
    restored.restore(scoring.state())
    rows = (moments(np.arange(900) % 90), *usual(900, 6))
    assert np.array_equal(restored.score(*rows), scoring.score(*rows))
    assert list(restored.best(10)) == list(scoring.best(10))
    assert restored.models.drift.drifts == scoring.models.drift.drifts


def test_a_score_stream_that_shifts_is_a_drift() -> None:
    scoring = warm()
    for k in range(12):
        scoring.score(moments(np.arange(1_000)), *usual(1_000, k))
    before = scoring.models.drift.drifts["half_space_trees"]
    rng = np.random.default_rng(1)
    for _ in range(12):
        # Something new every day: the trees, which compare with the last window, never get used to it.
        scoring.score(moments(np.arange(1_000)), rng.random((1_000, len(FEATURES))), usual(1_000)[1])
    assert scoring.models.drift.drifts["half_space_trees"] > before


def test_a_feature_that_shifts_is_a_drift_of_that_feature() -> None:
    scoring, shifted = warm(), FEATURES.index("payers_w30")
    for k in range(24):
        features, own = usual(1_000, k)
        features[:, shifted] += 0.5 if k >= 12 else 0.0
        scoring.score(moments(np.arange(1_000)), features, own)
    drifts = scoring.models.drift.drifts
    assert [name for name in (*FEATURES, *LEG_MODELS) if drifts[name]] == ["payers_w30"]


def test_scores_are_told_by_model_to_four_decimals() -> None:
    assert Scoring(RULES).named(np.array([0.123456, 1.0, 0.0, 0.25, 0.5, 0.75, 0.9])) == {
        "half_space_trees": 0.1235,
        "peer_group": 1.0,
        "own_history": 0.0,
        "edge_rarity": 0.25,
        "money_trail": 0.5,
        "new_counterparties": 0.75,
        "new_company": 0.9,
    }


def outlier(score: float, movements: int) -> tuple[bool, bool]:
    """Whether it fired and whether it could be judged."""
    rows = EvaluationRows(np.zeros(1, EVALUATION), np.zeros((1, 4), WINDOW))
    rows.core["movements"] = movements
    findings = MODEL_OUTLIER.judge(rows, np.array([score]))
    return bool(findings.fired[0]), bool(findings.evaluable[0])


@pytest.mark.parametrize(
    ("score", "movements", "expected"),
    [
        pytest.param(0.98, 20, (True, True), id="rarer than nearly all"),
        pytest.param(0.9799, 20, (False, True), id="a little less rare"),
        pytest.param(1.0, 19, (False, False), id="too few movements to judge"),
    ],
)
def test_an_outlier_is_rarer_than_nearly_all_and_has_moved_enough(
    score: float, movements: int, expected: tuple[bool, bool]
) -> None:
    assert outlier(score, movements) == expected


def test_a_river_detector_that_is_configured_in_scores_beside_ours_and_takes_part_in_the_order() -> None:
    rules = (RiverModel("LODA", {"seed": 1, "n_random_cuts": 10}),)
    scoring, restored = (Scoring(RULES, None, rules) for _ in range(2))
    scoring.score(moments(np.arange(WARM) % 100), *usual(WARM))
    odd = scoring.score(moments([7]), *strange(1))
    assert scoring.named(odd[0])["river_LODA"] > 0.9
    restored.restore(scoring.state())
    again = usual(300, 5)
    at = moments(np.arange(300) % 100)
    assert np.array_equal(restored.score(at, *again), scoring.score(at, *again))
    ours = [0.9, 0.9, 0.0, 0.5, 0.5, 0.5, 0.5]
    assert combined(np.array([[*ours, 0.99]])) > combined(np.array([[*ours, 0.1]]))


def test_a_shard_tells_drifts_by_names_of_streams_and_nothing_else() -> None:
    assert new_shard().drifts == dict.fromkeys(["half_space_trees", *FEATURES, *LEG_MODELS, "verdicts"], 0)
