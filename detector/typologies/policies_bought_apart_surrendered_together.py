"""Policies bought apart, surrendered together: many holders, one payer or handler, one or two payees (regulation.md I01; 1301)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, yuan


@dataclass(frozen=True, slots=True)
class PoliciesBoughtApartSurrenderedTogether:
    """At least ten policies that one party paid for or handled (or was paid for) are surrendered within 10 working days, and at
    least 80 % of them to the same one or two accounts. Holders' families and employers are no party; an agent's clients who
    surrender to accounts of their own have no payee in common. A shard sees the holders that it has.
    """

    business: ClassVar[str] = "insurance"
    key: str = "policies_bought_apart_surrendered_together@1"
    family: str = "structure"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (1,)
    least_policies: int = 10
    least_share: float = 0.8

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: policies surrendered to the party's two most frequent payees."""
        b = rows.business
        return Findings.where(
            (b["group_policies"] >= self.least_policies) & (b["group_share"] >= self.least_share),
            value=b["group_policies"],
            threshold=self.least_policies,
            strength=0.3 + ramp(b["group_policies"], self.least_policies, 3 * self.least_policies),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with policies, payees and money."""
        b, policies = rows.business[k], int(findings.value[k])
        together = percent(float(b["group_share"]))
        return (
            f"分散投保、集中退保：近10个工作日内由同一方付费或经办的{policies}份保单（参考线{self.least_policies}份）退保至同一两个账户，"
            f"占其退保保单的{together}，合计{yuan(b['group_sum'])}元。",
            f"Policies bought apart, surrendered together: {policies} policies paid for or handled by one party (reference "
            f"{self.least_policies}) were surrendered to one or two accounts within 10 working days, {together} of that party's, "
            f"{yuan(b['group_sum'])} yuan in all.",
        )


TYPOLOGY = PoliciesBoughtApartSurrenderedTogether()
