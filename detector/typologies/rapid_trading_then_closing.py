"""Rapid trading, then closing: a securities account is opened, trades for millions and is closed (regulation.md S05; 1206)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from detector.business.layout import SECURITIES
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class RapidTradingThenClosing:
    """Closed within 30 days of its opening, with at least 80 % of two million yuan traded in between. Both dates are the
    institution's. An account opened for one small subscription stays far below.
    """

    business: ClassVar[str] = "securities"
    key: str = "rapid_trading_then_closing@1"
    family: str = "lifecycle"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    most_life_days: int = 30
    least_turnover_minor: int = 160_000_000

    def looks_again(self, rows: EvaluationRows) -> Any:
        """Young accounts that traded so much: word of the closing may come after the last movement."""
        core, b = rows.core, rows.business
        young = (core["opened"] > 0) & (core["as_of"] - core["opened"] <= self.most_life_days)
        return young & (b["turnover"] >= self.least_turnover_minor)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: yuan traded within 90 days."""
        core, b = rows.core, rows.business
        closed = (core["closed"] > 0) & (core["opened"] > 0) & (core["closed"] - core["opened"] <= self.most_life_days)
        return Findings.where(
            (b["place"] == SECURITIES)
            & closed
            & (core["closed"] <= core["as_of"])
            & (b["turnover"] >= self.least_turnover_minor),
            value=b["turnover"] / 100.0,
            threshold=self.least_turnover_minor / 100.0,
            strength=0.3 + ramp(b["turnover"], self.least_turnover_minor, 4 * self.least_turnover_minor),
            evaluable=core["opened"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the account's life and turnover."""
        core, b, line = rows.core[k], rows.business[k], yuan(self.least_turnover_minor)
        life = int(core["closed"] - core["opened"])
        return (
            f"开户后短期大量买卖并销户：开户至销户{life}日（参考线{self.most_life_days}日），其间成交{int(b['trades'])}笔共"
            f"{yuan(b['turnover'])}元（参考线{line}元）。",
            f"Rapid trading, then closing: closed {life} days after its opening (reference {self.most_life_days}), {int(b['trades'])} "
            f"trades of {yuan(b['turnover'])} yuan in between (reference {line}).",
        )


TYPOLOGY = RapidTradingThenClosing()
