"""Hesitation-period surrenders: large policies given back within days of their issue (regulation.md I03; 1304)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.business.transfer_lines import transfer_line
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class HesitationPeriodSurrenders:
    """Surrenders within 15 days of the policy's issue that reach the holder's transfer line within 10 working days. One such
    surrender is a changed mind and weak; from the second on it is strong. Without dates of issue not evaluable.
    """

    business: ClassVar[str] = "insurance"
    key: str = "hesitation_period_surrenders@1"
    family: str = "lifecycle"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (1,)
    least_surrenders: int = 2

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan surrendered in the days of hesitation."""
        b, line = rows.business, transfer_line(rows.core)
        several = b["hesitant"] >= self.least_surrenders
        return Findings.where(
            (b["hesitant_sum"] >= line) & (b["hesitant"] > 0),
            value=b["hesitant_sum"] / 100.0,
            threshold=line / 100.0,
            strength=np.where(several, 0.3, 0.0) + ramp(b["hesitant_sum"], line, np.where(several, 3.0, 12.0) * line),
            coverage=np.where(b["issued_asked"] > 0, share(b["issued_known"], b["issued_asked"]), 1.0),
            evaluable=(b["issued_asked"] == 0) | (b["issued_known"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the surrenders and their sum."""
        b, line = rows.business[k], f"{int(findings.threshold[k]):,}"
        return (
            f"犹豫期内大额退保：近10个工作日内有{int(b['hesitant'])}份保单在签发15日内退保，合计{yuan(b['hesitant_sum'])}元"
            f"（参考线{line}元）。",
            f"Hesitation-period surrenders: {int(b['hesitant'])} policies surrendered within 15 days of issue, {yuan(b['hesitant_sum'])} "
            f"yuan within 10 working days (reference {line}).",
        )


TYPOLOGY = HesitationPeriodSurrenders()
