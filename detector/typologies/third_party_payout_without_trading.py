"""Payout to others without trading: a securities account that hardly trades sends large sums to somebody else (S02; 1202)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.business.layout import SECURITIES
from detector.business.transfer_lines import transfer_line
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class ThirdPartyPayoutWithoutTrading:
    """Turnover of at most a tenth of what was paid in, and at least 80 % of the holder's transfer line sent to other holders
    within 90 days. Third-party custody should make it impossible. Money back to the holder's own bank, as after a failed
    subscription, is none of it. Who the other side is must be known by compared names or named holders.
    """

    business: ClassVar[str] = "securities"
    key: str = "third_party_payout_without_trading@1"
    family: str = "structure"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (1,)
    most_turnover_share: float = 0.1
    least_line_share: float = 0.8

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan sent to others."""
        b, line = rows.business, self.least_line_share * transfer_line(rows.core)
        base = np.maximum(b["deposits"], b["paid_others"])
        idle = share(b["turnover"], base) <= self.most_turnover_share
        return Findings.where(
            (b["place"] == SECURITIES) & idle & (b["paid_others"] >= line) & (b["paid_others"] > 0),
            value=b["paid_others"] / 100.0,
            threshold=line / 100.0,
            strength=0.3 + ramp(b["paid_others"], line, 2.0 * line),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with sums, turnover and the line."""
        b, line = rows.business[k], f"{int(findings.threshold[k]):,}"
        turnover = percent(float(share(b["turnover"], max(b["deposits"], b["paid_others"]))))
        return (
            f"少有交易而划转他人：90日内向他人账户划出{int(b['paid_others_count'])}笔共{yuan(b['paid_others'])}元（参考线{line}元），"
            f"转入{yuan(b['deposits'])}元，证券成交{yuan(b['turnover'])}元，仅为转入的{turnover}。",
            f"Payout to others without trading: {int(b['paid_others_count'])} transfers of {yuan(b['paid_others'])} yuan to other holders "
            f"within 90 days (reference {line}); {yuan(b['deposits'])} yuan paid in, {yuan(b['turnover'])} yuan traded, {turnover} of it.",
        )


TYPOLOGY = ThirdPartyPayoutWithoutTrading()
