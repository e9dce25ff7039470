"""Frequent payouts to one payee: claims or surrenders just below the reporting line, again and again (regulation.md I11; 1115)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, yuan


@dataclass(frozen=True, slots=True)
class FrequentPayoutsToOnePayee:
    """Claims and surrenders from 80 % of a transfer line (500,000 or 2,000,000 yuan) to under it, to one payee, three on a day or
    on three working days in a row within the last 10: 频繁 and 大量 of Order 2006/2 art. 20. A fleet's claims are frequent too, but
    as large as its damages.
    """

    business: ClassVar[str] = "insurance"
    key: str = "frequent_payouts_to_one_payee@1"
    family: str = "amount"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (1,)
    least_on_a_day: int = 3
    least_days: int = 3

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: most such payouts on a day, or such days in a row, whichever is more."""
        b = rows.business
        return Findings.where(
            (b["near_day"] >= self.least_on_a_day) | (b["near_run"] >= self.least_days),
            value=np.maximum(b["near_day"], b["near_run"]),
            threshold=min(self.least_on_a_day, self.least_days),
            strength=0.6 + 0.05 * (b["near_day"] + b["near_run"]),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with payouts, days and money."""
        b = rows.business[k]
        day, run, money = int(b["near_day"]), int(b["near_run"]), yuan(b["near_sum"])
        return (
            f"频繁大量赔付或退保给同一收款人：近10个工作日内单日最多{day}笔、连续{run}个工作日（参考线单日{self.least_on_a_day}笔或连续"
            f"{self.least_days}日）有略低于大额报告标准的赔付或退保，合计{money}元。",
            f"Frequent payouts to one payee: up to {day} claims or surrenders on a day and on {run} working days in a row (reference "
            f"{self.least_on_a_day} on a day or {self.least_days} days), each just below a reporting line, {money} yuan in all.",
        )


TYPOLOGY = FrequentPayoutsToOnePayee()
