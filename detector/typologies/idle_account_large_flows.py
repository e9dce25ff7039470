"""Idle account with large flows: nothing traded for long, and money in and out again and again (regulation.md S03; 1203, 1207)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from detector.business.layout import SECURITIES
from detector.business.transfer_lines import transfer_line
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class IdleAccountLargeFlows:
    """No trade for a year, and within 10 working days transfers of the holder's line, three on a day or on three working days
    in a row (频繁, Order 2006/2 art. 20). Where the stream is younger than a year the account must be older than one by the
    institution's date and must not have traded since; the coverage then says how much of the year was seen.
    """

    business: ClassVar[str] = "securities"
    key: str = "idle_account_large_flows@1"
    family: str = "lifecycle"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_idle_days: int = 365
    least_on_a_day: int = 3
    least_days: int = 3

    def _idle(self, rows: EvaluationRows) -> Any:
        """Whether the last trade is long ago, as far as it can be known."""
        b, core = rows.business, rows.core
        old = (core["opened"] > 0) & (core["as_of"] - core["opened"] >= self.least_idle_days)
        unseen = (b["idle_whole"] == 0) & old
        return (b["trades_w10"] == 0) & ((b["idle"] >= self.least_idle_days) | unseen)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan in and out within 10 working days."""
        b, line = rows.business, transfer_line(rows.core)
        often = (b["flow_day"] >= self.least_on_a_day) | (b["flow_run"] >= self.least_days)
        seen = b["idle"] >= self.least_idle_days
        return Findings.where(
            (b["place"] == SECURITIES) & self._idle(rows) & often & (b["flow_w10"] >= line),
            value=b["flow_w10"] / 100.0,
            threshold=line / 100.0,
            strength=0.2 + ramp(b["flow_w10"], line, 3.0 * line),
            coverage=b["idle"] / self.least_idle_days,
            evaluable=(b["place"] != SECURITIES) | seen | (b["idle_whole"] == 1) | (rows.core["opened"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with idleness, flows and how often."""
        b, line = rows.business[k], f"{int(findings.threshold[k]):,}"
        return (
            f"证券账户长期闲置而资金频繁收付：已见{int(b['idle'])}日无证券交易（标准{self.least_idle_days}日），近10个工作日收付"
            f"{yuan(b['flow_w10'])}元（参考线{line}元），单日最多{int(b['flow_day'])}笔，连续{int(np.int64(b['flow_run']))}个工作日。",
            f"Idle account, large flows: no trade seen for {int(b['idle'])} days (standard {self.least_idle_days}), {yuan(b['flow_w10'])} "
            f"yuan in and out within 10 working days (reference {line}), up to {int(b['flow_day'])} on a day, "
            f"{int(b['flow_run'])} working days in a row.",
        )


TYPOLOGY = IdleAccountLargeFlows()
