"""Cash premiums and third-party claims: large premiums in cash, or benefits paid to somebody else (regulation.md I10; 1316, 1317)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class CashPremiumsAndThirdPartyClaims:
    """Premiums of at least 50,000 yuan over the counter from no account within 30 days, or claims of as much to persons who are
    neither insured nor beneficiaries within 90. Either alone is weaker than both. Hospitals and garages that are paid for the
    insured are firms, or said to be.
    """

    business: ClassVar[str] = "insurance"
    key: str = "cash_premiums_and_third_party_claims@1"
    family: str = "channel"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_sum_minor: int = 5_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: the larger of the two sums in yuan."""
        b, line = rows.business, self.least_sum_minor
        value = np.maximum(b["cash_premiums"], b["claims_third"])
        both = np.minimum(b["cash_premiums"], b["claims_third"]) >= line
        return Findings.where(
            value >= line,
            value=value / 100.0,
            threshold=line / 100.0,
            strength=0.3 * both + ramp(value, line, 6 * line),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with both sums."""
        b, line = rows.business[k], yuan(self.least_sum_minor)
        return (
            f"大额现金缴费或赔款付第三人：30日内柜面现金缴纳保费{yuan(b['cash_premiums'])}元，90日内向被保险人、受益人以外的人支付赔款"
            f"{yuan(b['claims_third'])}元（参考线{line}元）。",
            f"Cash premiums and third-party claims: {yuan(b['cash_premiums'])} yuan of premiums in cash within 30 days, "
            f"{yuan(b['claims_third'])} yuan of claims within 90 days to persons who are neither insured nor beneficiaries (reference {line}).",
        )


TYPOLOGY = CashPremiumsAndThirdPartyClaims()
