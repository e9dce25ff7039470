"""Early surrender to a third party: a young policy is surrendered and somebody else gets the money (regulation.md I05; 1308)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class EarlySurrenderToThirdParty:
    """At least 50,000 yuan surrendered within a year of issue to one who is neither holder nor of his people nor ever paid a
    premium; stronger in the 15 days of hesitation. The holder's changed bank card is his own. Without dates of issue not
    evaluable.
    """

    business: ClassVar[str] = "insurance"
    key: str = "early_surrender_to_third_party@1"
    family: str = "structure"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (1,)
    least_sum_minor: int = 5_000_000
    hesitation_days: int = 15

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan surrendered to others within 30 days."""
        b, line = rows.business, self.least_sum_minor
        young = b["early_third_age"] <= self.hesitation_days
        return Findings.where(
            b["early_third"] >= line,
            value=b["early_third"] / 100.0,
            threshold=line / 100.0,
            strength=0.2 + 0.1 * young + ramp(b["early_third"], line, 4 * line),
            coverage=np.where(b["issued_asked"] > 0, share(b["issued_known"], b["issued_asked"]), 1.0),
            evaluable=(b["issued_asked"] == 0) | (b["issued_known"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the sum and the policy's age."""
        b, line = rows.business[k], yuan(self.least_sum_minor)
        return (
            f"短期退保转第三方：30日内有签发不满一年的保单（最短{int(b['early_third_age'])}日）退保，{yuan(b['early_third'])}元"
            f"（参考线{line}元）转给投保人及其亲属、缴费账户以外的人。",
            f"Early surrender to a third party: {yuan(b['early_third'])} yuan (reference {line}) of policies surrendered within a year of "
            f"issue (the youngest after {int(b['early_third_age'])} days) went to somebody who is neither the holder nor a payer of "
            f"premiums, within 30 days.",
        )


TYPOLOGY = EarlySurrenderToThirdParty()
