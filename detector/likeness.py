"""What verdicts teach about an account: the chance that an office confirms it, from the numbers that a verdict brings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from detector.decision import NONE, Spoken
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, Typology, percent, ramp
from models.verdict_learner import VerdictLearner

MOST_WEIGHT: Final = 0.5
HALF_WEIGHT_AT: Final = 200
"""Of a place inside a band at most half is the verdicts' word, and half of that after so many verdicts."""
_COUNTS: Final = {"log.payers": "payers", "log.payees": "payees"}
_MONEY: Final = {"log.credited": "credited", "log.debited": "debited", "log.returned_to_payers": "returned"}


@dataclass(frozen=True, slots=True)
class ConfirmedLikeness:
    """Raises ``observe``, counts for no other category and never speaks where no named typology does.

    Verdicts alone never accuse: an account is looked at because it resembles what offices confirmed, and says so.
    """

    key: str = "confirmed_likeness@1"
    family: str = "model"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_chance: float = 0.9
    least_movements: int = 20

    def judge(self, rows: EvaluationRows, chance: Any, spoken: Sequence[Spoken]) -> Findings:
        """Findings from the chance of every row, NaN where it was not asked for."""
        named = np.zeros(len(rows), np.bool_)
        for one in spoken:
            if one.typology.family != "model":
                named |= one.counting
        known = np.where(np.isnan(chance), 0.0, chance)
        fired = named & (known >= self.least_chance) & (rows.core["movements"] >= self.least_movements)
        return Findings.where(fired, value=known, threshold=self.least_chance, strength=ramp(known, self.least_chance, 1.0))

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """No findings: the chance comes by ``judge``."""
        return Findings.where(np.zeros(len(rows), np.bool_), value=0.0, threshold=self.least_chance, strength=0.0)

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the chance."""
        chance, movements = percent(float(findings.value[k])), int(rows.core["movements"][k])
        return (
            f"与各单位已确认线索相似（仅供关注，不作认定）：按以往处置结果推算，被确认的可能为{chance}；该账户共{movements}笔交易。",
            f"Resembles what offices have confirmed (to look at, never an accusation): by past verdicts the chance of being "
            f"confirmed is {chance}; the account has {movements} movements.",
        )


CONFIRMED_LIKENESS: Final = ConfirmedLikeness()


def names_of(typologies: Sequence[Typology], models: Sequence[str]) -> tuple[str, ...]:
    """Features of a verdict that are learned, in name order: those that a row can be asked for as well."""
    keys = [one.key for one in typologies] + ["model_outlier@1"]
    found = [f"finding.{key.partition('@')[0]}" for key in keys] + [f"model.{name}" for name in models]
    return tuple(sorted([*found, "families", *_COUNTS, *_MONEY]))


def chances(
    learner: VerdictLearner, spoken: Sequence[Spoken], rows: EvaluationRows, code: Any, models: Callable[[int], dict[str, float]]
) -> Any:
    """Chance of confirmation (float64) of every row that has a category or a counting finding, NaN elsewhere.

    ``models`` gives a row's model scores by name. Costs 50 µs of CPU a row that is asked for, by
    ``tests.benchmarks.bench_likeness``.
    """
    asked = code > NONE
    for one in spoken:
        asked |= one.counting
    at = np.flatnonzero(asked)
    found = np.full(len(rows), np.nan)
    if len(at):
        strengths = {f"finding.{one.name}": np.where(one.counting, one.findings.strength, 0.0)[at].tolist() for one in spoken}
        families = [
            len({one.typology.family for one in spoken if one.counting[k] and one.typology.family != "model"}) for k in at
        ]
        table = [
            _features(rows.core[k], {name: column[place] for name, column in strengths.items()}, families[place], models(k))
            for place, k in enumerate(at.tolist())
        ]
        X = np.array([[row.get(name, 0.0) for name in learner.names] for row in table], np.float64)
        found[at] = learner.chance_many(X)
    return found


def _features(core: Any, strengths: dict[str, float], families: int, models: dict[str, float]) -> dict[str, float]:
    """As ``contract.verdict.features_of`` gives them of a flag, rounded alike."""
    found = strengths | {f"model.{name}": value for name, value in models.items()} | {"families": float(families)}
    found |= {name: math.log1p(max(int(core[field]), 0)) for name, field in _COUNTS.items()}
    found |= {name: math.log1p(max(int(core[field]), 0) / 100) for name, field in _MONEY.items()}
    return {name: round(value, 4) for name, value in found.items()}


def reordered(inside: Any, chance: Any, verdicts: int) -> Any:
    """Places inside bands with the verdicts' word in them, heavier the more there were; the band itself stays.

    >>> float(reordered(np.array([0.2]), np.array([1.0]), 200)[0])
    0.4
    """
    weight = MOST_WEIGHT * verdicts / (verdicts + HALF_WEIGHT_AT)
    return np.where(np.isnan(chance), inside, (1.0 - weight) * inside + weight * np.nan_to_num(chance))
