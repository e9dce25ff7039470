"""Unrelated premium payer: somebody without relation to the holder pays large premiums (regulation.md I09; 1314)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class UnrelatedPremiumPayer:
    """At least 50,000 yuan of premiums within 90 days from one whom the institution has as neither holder nor family, employer or
    agent. Where it says nothing of payers the account is not evaluable, never unrelated.
    """

    business: ClassVar[str] = "insurance"
    key: str = "unrelated_premium_payer@1"
    family: str = "channel"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0,)
    least_sum_minor: int = 5_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan paid by such payers."""
        b, line = rows.business, self.least_sum_minor
        return Findings.where(
            b["unrelated"] >= line,
            value=b["unrelated"] / 100.0,
            threshold=line / 100.0,
            strength=0.2 + ramp(b["unrelated"], line, 4 * line),
            coverage=share(b["relations_known"], b["premiums"]),
            evaluable=(b["premiums"] == 0) | (b["relations_known"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the sum."""
        b, line = rows.business[k], yuan(self.least_sum_minor)
        return (
            f"第三人代付保费且关系不明：90日内由与投保人无已知关系的人缴纳保费{yuan(b['unrelated'])}元（参考线{line}元），"
            f"同期保费{int(b['premiums'])}笔。",
            f"Unrelated premium payer: {yuan(b['unrelated'])} yuan of premiums within 90 days (reference {line}) from somebody of no known "
            f"relation to the holder, among {int(b['premiums'])} premiums.",
        )


TYPOLOGY = UnrelatedPremiumPayer()
