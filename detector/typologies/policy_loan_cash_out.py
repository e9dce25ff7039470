"""Policy loan cash-out: a new policy's value is lent back at once (regulation.md I12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class PolicyLoanCashOut:
    """A loan of at least 80 % of the policy's cash value and 50,000 yuan within 30 days of issue. An emergency comes to old
    policies as well; whoever borrows what he has just paid in wanted the passage. Without cash value or date of issue not
    evaluable. Where the money goes from the holder's bank is the bank's to see.
    """

    business: ClassVar[str] = "insurance"
    key: str = "policy_loan_cash_out@1"
    family: str = "channel"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_value_share: float = 0.8
    least_loan_minor: int = 5_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: loan as a share of the cash value."""
        b, line = rows.business, self.least_loan_minor
        part = share(b["loan"], b["loan_value"])
        return Findings.where(
            (part >= self.least_value_share) & (b["loan"] >= line),
            value=part,
            threshold=self.least_value_share,
            strength=0.2 + ramp(b["loan"], line, 4 * line),
            coverage=np.where(b["issued_asked"] > 0, share(b["issued_known"], b["issued_asked"]), 1.0),
            evaluable=(b["issued_asked"] == 0) | (b["issued_known"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with loan, value and age."""
        b, part, line = rows.business[k], percent(float(findings.value[k])), percent(self.least_value_share)
        return (
            f"保单贷款套现：签发后{int(b['loan_age'])}日内以保单贷款{yuan(b['loan'])}元，为现金价值{yuan(b['loan_value'])}元的{part}"
            f"（参考线{line}）。",
            f"Policy loan cash-out: {yuan(b['loan'])} yuan lent within {int(b['loan_age'])} days of issue, {part} (reference {line}) of a "
            f"cash value of {yuan(b['loan_value'])}.",
        )


TYPOLOGY = PolicyLoanCashOut()
