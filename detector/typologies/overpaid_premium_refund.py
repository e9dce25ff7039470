"""Overpaid premium, refunded: far more is paid than due and the surplus asked back at once (regulation.md I06; 1310)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class OverpaidPremiumRefund:
    """Premiums of at least one and a half times what is due within 10 working days, and at least three tenths of them back on the
    same policy. Rounding stays below; years paid ahead are not asked back. Without the premium due not evaluable.
    """

    business: ClassVar[str] = "insurance"
    key: str = "overpaid_premium_refund@1"
    family: str = "amount"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_times_due: float = 1.5
    least_back_share: float = 0.3
    least_sum_minor: int = 1_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of the overpaid premiums that went back."""
        b = rows.business
        times, back = share(b["overpaid"], b["overpaid_due"]), share(b["overpaid_back"], b["overpaid"])
        return Findings.where(
            (times >= self.least_times_due) & (back >= self.least_back_share) & (b["overpaid_back"] >= self.least_sum_minor),
            value=back,
            threshold=self.least_back_share,
            strength=0.3 + ramp(b["overpaid_back"], self.least_sum_minor, 10 * self.least_sum_minor),
            coverage=share(b["dues_known"], b["premiums"]),
            evaluable=(b["premiums"] == 0) | (b["dues_known"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with what was due, paid and returned."""
        b, back, line = rows.business[k], percent(float(findings.value[k])), percent(self.least_back_share)
        return (
            f"超额缴费随即返还：近10个工作日内应缴{yuan(b['overpaid_due'])}元而缴{yuan(b['overpaid'])}元，随后退还"
            f"{yuan(b['overpaid_back'])}元，占{back}（参考线{line}）。",
            f"Overpaid premium, refunded: {yuan(b['overpaid'])} yuan paid where {yuan(b['overpaid_due'])} were due within 10 working "
            f"days, and {yuan(b['overpaid_back'])} yuan given back, {back} (reference {line}).",
        )


TYPOLOGY = OverpaidPremiumRefund()
