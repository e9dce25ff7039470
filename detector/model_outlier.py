"""A model outlier: an account whose days the online models find stranger than almost all others (contract §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp


@dataclass(frozen=True, slots=True)
class ModelOutlier:
    """Raises ``observe`` and counts for no other category: a model alone never accuses.

    The score is the mean of calibrated tail probabilities (trees, peers, own history), so the threshold is a share of
    the shard's own past, not a number of one data set.
    """

    key: str = "model_outlier@1"
    family: str = "model"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_score: float = 0.98
    least_movements: int = 20

    def judge(self, rows: EvaluationRows, model: Any) -> Findings:
        """Findings from the combined score of every row."""
        enough = rows.core["movements"] >= self.least_movements
        return Findings.where(
            np.asarray(model >= self.least_score) & enough,
            value=model,
            threshold=self.least_score,
            strength=ramp(model, self.least_score, 1.0),
            evaluable=enough,
        )

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """No findings: the models' scores come by ``judge``."""
        return Findings.where(np.zeros(len(rows), np.bool_), value=0.0, threshold=self.least_score, strength=0.0)

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the score and what the account did."""
        w, score = rows.w30[k], percent(float(findings.value[k]))
        return (
            f"模型提示异常（仅供关注，不作认定）：近期资金活动比本机构{score}的账户日更为少见；"
            f"30日内{int(w['payers'])}名付款人、{int(w['payees'])}名收款人，转入{int(w['credits'])}笔、转出{int(w['debits'])}笔。",
            f"Unusual by the models (to look at, never an accusation): rarer than {score} of account-days here; "
            f"{int(w['payers'])} payers and {int(w['payees'])} payees within 30 days, {int(w['credits'])} credits and "
            f"{int(w['debits'])} debits.",
        )


MODEL_OUTLIER = ModelOutlier()
