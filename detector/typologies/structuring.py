"""Structuring: cash again and again just below the reporting line (regulation.md F20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings


@dataclass(frozen=True, slots=True)
class Structuring:
    """Cash movements of one direction from 80 % of the line of 0501 (50,000 yuan) to under it: three on one day, or on three days
    in a row within the last 10 working days. Takings of a till are uneven; amounts just below the line are chosen.
    """

    key: str = "structuring@1"
    family: str = "amount"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_on_a_day: int = 3
    least_days: int = 3

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.core["near_cash_day"] >= self.least_on_a_day) | (rows.core["near_cash_days"] >= self.least_days)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: most such movements on a day, or such days in a row, whichever is more."""
        day, days = rows.core["near_cash_day"], rows.core["near_cash_days"]
        value = np.maximum(day, days)
        return Findings.where(
            (day >= self.least_on_a_day) | (days >= self.least_days),
            value=value,
            threshold=min(self.least_on_a_day, self.least_days),
            strength=np.minimum(1.0, 0.3 + 0.1 * day + 0.1 * days),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with movements and days."""
        day, days = int(rows.core["near_cash_day"][k]), int(rows.core["near_cash_days"][k])
        return (
            f"拆分规避：近10个工作日内单日最多{day}笔、连续{days}日出现4万元至不足5万元的现金收付（参考线单日{self.least_on_a_day}笔或"
            f"连续{self.least_days}日），恰在5万元报告标准之下。",
            f"Structuring: up to {day} cash movements on a day and {days} days in a row, each from 40,000 to under 50,000 yuan, within "
            f"the last 10 working days (reference {self.least_on_a_day} on a day or {self.least_days} days), just below the line.",
        )


TYPOLOGY = Structuring()
