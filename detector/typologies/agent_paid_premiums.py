"""Agent-paid premiums: an agent pays for several holders from his own account (regulation.md I07; 1311)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class AgentPaidPremiums:
    """Premiums of at least three holders within 30 days from one agent's account: the institution says that an agent pays, or the
    payer is the agent who handled it. His family's are said to be family's. A shard sees the holders that it has.
    """

    business: ClassVar[str] = "insurance"
    key: str = "agent_paid_premiums@1"
    family: str = "channel"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0,)
    least_holders: int = 3
    least_sum_minor: int = 1_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: holders whose premiums the agent paid."""
        b = rows.business
        return Findings.where(
            (b["agent_holders"] >= self.least_holders) & (b["agent_paid"] >= self.least_sum_minor),
            value=b["agent_holders"],
            threshold=self.least_holders,
            strength=0.3 + ramp(b["agent_holders"], self.least_holders, 4 * self.least_holders),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with holders and money."""
        b, holders = rows.business[k], int(findings.value[k])
        return (
            f"业务员代付保费：30日内同一代理人账户为{holders}名投保人（参考线{self.least_holders}名）代付保费{yuan(b['agent_paid'])}元，"
            f"本账户为其中之一。",
            f"Agent-paid premiums: one agent's account paid {yuan(b['agent_paid'])} yuan of premiums for {holders} holders within 30 days "
            f"(reference {self.least_holders}), this one among them.",
        )


TYPOLOGY = AgentPaidPremiums()
