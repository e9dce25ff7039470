"""Idle account that suddenly trades: nothing traded for long, then much within days (regulation.md S04; 1204, 1208)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.business.layout import SECURITIES
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class IdleAccountSuddenTrading:
    """At least 80 % of two million yuan traded within 10 working days after a year without a trade. Where the stream is younger
    than a year, an account older than one by the institution's date that has not traded for at least a month of the stream is
    shown too, but no stronger than what was seen of the year allows: after a month's silence half of all investors trade.
    """

    business: ClassVar[str] = "securities"
    key: str = "idle_account_sudden_trading@1"
    family: str = "lifecycle"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_idle_days: int = 365
    least_seen_days: int = 30
    least_turnover_minor: int = 160_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan traded within 10 working days."""
        b, core = rows.business, rows.core
        old = (core["opened"] > 0) & (core["as_of"] - core["opened"] >= self.least_idle_days)
        unseen = (b["idle_whole"] == 0) & old & (b["idle"] >= self.least_seen_days)
        whole = b["idle"] >= self.least_idle_days
        seen = b["idle"] / self.least_idle_days
        full = 0.3 + ramp(b["turnover_w10"], self.least_turnover_minor, 4 * self.least_turnover_minor)
        return Findings.where(
            (b["place"] == SECURITIES) & (whole | unseen) & (b["turnover_w10"] >= self.least_turnover_minor),
            value=b["turnover_w10"] / 100.0,
            threshold=self.least_turnover_minor / 100.0,
            strength=np.minimum(1.0, full) * (0.5 + 0.5 * np.minimum(seen, 1.0)),
            coverage=seen,
            evaluable=(b["place"] != SECURITIES)
            | whole
            | (b["idle_whole"] == 1)
            | ((core["opened"] > 0) & (b["observed"] >= self.least_seen_days)),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with idleness and turnover."""
        b, line = rows.business[k], yuan(self.least_turnover_minor)
        return (
            f"闲置证券账户突然大量交易：此前已见{int(b['idle'])}日无交易（标准{self.least_idle_days}日），近10个工作日成交"
            f"{int(b['trades_w10'])}笔共{yuan(b['turnover_w10'])}元（参考线{line}元）。",
            f"Idle account, sudden trading: no trade seen for {int(b['idle'])} days before (standard {self.least_idle_days}), then "
            f"{int(b['trades_w10'])} trades of {yuan(b['turnover_w10'])} yuan within 10 working days (reference {line}).",
        )


TYPOLOGY = IdleAccountSuddenTrading()
