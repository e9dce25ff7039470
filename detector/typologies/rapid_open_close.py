"""Rapid opening and closing: much money through an account that was opened, used and left (regulation.md F22)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class RapidOpenClose:
    """At least 500,000 yuan in more than three movements, the account closed within 60 days of its opening, or silent for more than
    20 days after it had moved so much within its first weeks. Both dates are the institution's.
    """

    key: str = "rapid_open_close@1"
    family: str = "lifecycle"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_turnover_minor: int = 50_000_000
    least_movements: int = 4
    most_life_days: int = 60
    silent_days: int = 20

    def looks_again(self, rows: EvaluationRows) -> Any:
        """Accounts whose silence would complete the pattern, or whose closing: word of that comes after the last movement."""
        core = rows.core
        young = (core["opened"] > 0) & (core["as_of"] - core["opened"] <= self.most_life_days)
        return young & (core["credited"] + core["debited"] >= self.least_turnover_minor)

    def _closed(self, core: Any) -> Any:
        """Whether the account has been closed by now, soon after its opening."""
        return (core["closed"] > 0) & (core["closed"] <= core["as_of"]) & (core["closed"] - core["opened"] <= self.most_life_days)

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        core = rows.core
        over = (core["closed"] > 0) | (core["as_of"] - core["moved"] > self.silent_days)
        return over & (core["credited"] + core["debited"] >= self.least_turnover_minor)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: turnover in yuan."""
        core, w = rows.core, rows.w90
        turnover = core["credited"] + core["debited"]
        closed = self._closed(core)
        silent = (core["as_of"] - core["moved"] > self.silent_days) & (core["moved"] - core["opened"] <= self.most_life_days - 30)
        fired = (turnover >= self.least_turnover_minor) & (w["credits"] + w["debits"] >= self.least_movements) & (closed | silent)
        return Findings.where(
            fired,
            value=turnover / 100.0,
            threshold=self.least_turnover_minor / 100.0,
            strength=ramp(turnover, self.least_turnover_minor, 10 * self.least_turnover_minor),
            evaluable=core["opened"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the account's life and turnover."""
        core = rows.core[k]
        turnover = yuan(core["credited"] + core["debited"])
        life = int(core["moved"] - core["opened"])
        closed = bool(self._closed(core))
        end_zh, end_en = ("随即销户", "was closed") if closed else ("此后停用", "fell silent")
        return (
            f"短期大量收付后停用：开户后{life}日内收付{turnover}元（参考线{yuan(self.least_turnover_minor)}元），{end_zh}。",
            f"Opened, used and left: {turnover} yuan within {life} days of opening (reference {yuan(self.least_turnover_minor)}), then "
            f"it {end_en}.",
        )


TYPOLOGY = RapidOpenClose()
