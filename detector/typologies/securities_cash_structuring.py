"""Structured cash on a securities account: cash just below the reporting line, again and again (regulation.md S01; 1201)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.business.layout import SECURITIES
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings


@dataclass(frozen=True, slots=True)
class SecuritiesCashStructuring:
    """Structuring (F20) where cash has no place of its own: a securities firm's client pays by bank. Three such movements on a
    working day, or on three in a row, within the last 10 working days: 频繁 of Order 2006/2 art. 20.
    """

    business: ClassVar[str] = "securities"
    key: str = "securities_cash_structuring@1"
    family: str = "amount"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_on_a_day: int = 3
    least_days: int = 3

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: most such movements on a day, or such days in a row, whichever is more."""
        day, days = rows.core["near_cash_day"], rows.core["near_cash_days"]
        often = (day >= self.least_on_a_day) | (days >= self.least_days)
        return Findings.where(
            often & (rows.business["place"] == SECURITIES),
            value=np.maximum(day, days),
            threshold=min(self.least_on_a_day, self.least_days),
            strength=0.7 + 0.05 * day + 0.05 * days,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with movements and days."""
        day, days = int(rows.core["near_cash_day"][k]), int(rows.core["near_cash_days"][k])
        return (
            f"证券资金账户频繁接近大额现金收付：近10个工作日内单日最多{day}笔、连续{days}日有4万元至不足5万元的现金存取"
            f"（参考线单日{self.least_on_a_day}笔或连续{self.least_days}日）。",
            f"Structured cash on a securities account: up to {day} cash movements on a day and {days} days in a row, each from 40,000 to "
            f"under 50,000 yuan, within the last 10 working days (reference {self.least_on_a_day} on a day or {self.least_days} days).",
        )


TYPOLOGY = SecuritiesCashStructuring()
