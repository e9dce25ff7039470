"""Collection through merchants: money comes by terminals and payment institutions and leaves at once (regulation.md F12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import MOST_TERMINALS, TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class MerchantChannelCollection:
    """At least half of the inflow from payment institutions and acquirers in large tickets, and much of it at night, or gone the
    same day, or through at least three terminals or merchant numbers. Small tickets by day are a shop.
    """

    key: str = "merchant_channel_collection@1"
    family: str = "channel"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0,)
    least_share: float = 0.5
    least_credits: int = 20
    least_inflow_minor: int = 10_000_000
    least_night_share: float = 0.3
    least_out_share: float = 0.9
    least_terminals: int = 3

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        w = rows.w30
        many = (w["credits"] >= self.least_credits) & (w["credited"] >= self.least_inflow_minor)
        return many & (share(w["from_payment"], w["credited"]) >= self.least_share) & (2 * w["at_marks"][:, 0] >= w["credits"])

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of the inflow that came through payment institutions."""
        w = rows.w30
        through = share(w["from_payment"], w["credited"])
        # A median of at least 1,000 is at least half of the credits at the first mark; so are three fifths in round thousands.
        large = 2 * w["at_marks"][:, 0] >= w["credits"]
        night = share(w["night"], w["credits"] + w["debits"]) >= self.least_night_share
        gone = share(w["debited"], w["credited"]) >= self.least_out_share
        many = rows.core["terminals"] >= self.least_terminals
        fired = (
            (through >= self.least_share)
            & (w["credits"] >= self.least_credits)
            & (w["credited"] >= self.least_inflow_minor)
            & large
            & (night | (gone & (rows.core["passed_days"] >= 3)) | many)
        )
        return Findings.where(fired, value=through, threshold=self.least_share, strength=ramp(through, self.least_share, 1.0))

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the share, the tickets and the terminals."""
        w, through = rows.w30[k], percent(float(findings.value[k]))
        terminals = int(rows.core["terminals"][k])
        zh, en = ("不少于", "at least ") if terminals >= MOST_TERMINALS else ("", "")
        return (
            f"POS或支付机构归集：30日内{int(w['credits'])}笔转入中金额的{through}（参考线{percent(self.least_share)}）经支付机构或收单"
            f"而来，涉及终端或商户号{zh}{terminals}个，合计{yuan(w['credited'])}元，转出{yuan(w['debited'])}元。",
            f"Collection through merchants: {through} (reference {percent(self.least_share)}) of {yuan(w['credited'])} yuan in "
            f"{int(w['credits'])} credits within 30 days came through payment institutions, by {en}{terminals} terminals or merchant "
            f"numbers; {yuan(w['debited'])} yuan left.",
        )


TYPOLOGY = MerchantChannelCollection()
