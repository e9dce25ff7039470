"""Securities funding after collection: what many persons paid in goes to a securities account (regulation.md S10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.business.layout import BANK
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class SecuritiesFundingAfterCollection:
    """A bank account that collects from at least 15 persons and sends at least a million yuan, and at least a third of what came,
    to securities accounts within the same 30 days. A salary has few payers. The account at the firm belongs to the schemes.
    """

    business: ClassVar[str] = "bank"
    key: str = "securities_funding_after_collection@1"
    family: str = "channel"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0,)
    least_payers: int = 15
    least_person_share: float = 0.8
    least_sum_minor: int = 100_000_000
    least_share: float = 0.33

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan sent to securities accounts within 30 days."""
        b, w = rows.business, rows.w30
        persons = share(w["credited_by_persons"], w["credited"])
        sent = share(b["to_securities"], w["credited"])
        return Findings.where(
            (b["place"] == BANK)
            & (b["to_securities"] >= self.least_sum_minor)
            & (w["payers"] >= self.least_payers)
            & (persons >= self.least_person_share)
            & (sent >= self.least_share),
            value=b["to_securities"] / 100.0,
            threshold=self.least_sum_minor / 100.0,
            strength=0.2 + ramp(b["to_securities"], self.least_sum_minor, 3 * self.least_sum_minor),
            coverage=rows.known_share,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with payers, inflow and what was sent."""
        b, w, line = rows.business[k], rows.w30[k], yuan(self.least_sum_minor)
        return (
            f"归集资金转入证券账户：30日内自{int(w['payers'])}名付款人转入{yuan(w['credited'])}元，其间转往证券账户"
            f"{yuan(b['to_securities'])}元（参考线{line}元）。",
            f"Securities funding after collection: {yuan(w['credited'])} yuan from {int(w['payers'])} payers within 30 days, and "
            f"{yuan(b['to_securities'])} yuan sent to securities accounts (reference {line}).",
        )


TYPOLOGY = SecuritiesFundingAfterCollection()
