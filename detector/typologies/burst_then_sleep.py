"""Burst, sleep, reuse: an account is used for a short time, sleeps, and is used again (regulation.md F25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class BurstThenSleep:
    """Used for at most 30 days from its opening, then without a movement for at least 30 days, then moving much again: how the
    accounts of pyramid schemes are kept. Ordinary accounts sleep too, so both spells must move money of many or much.
    """

    key: str = "burst_then_sleep@1"
    family: str = "structure"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    most_span_days: int = 30
    least_sleep_days: int = 30
    least_turnover_minor: int = 20_000_000
    least_payers: int = 10

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        core = rows.core
        return (core["woke"] > 0) & (core["slept"] >= self.least_sleep_days) & (core["payers"] >= self.least_payers)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: days of sleep."""
        core, w = rows.core, rows.w30
        turnover = w["credited"] + w["debited"]
        fired = (
            (core["woke"] > 0)
            # Less than 30 days: the day of waking lies in the window, so all money outside it is the first spell's.
            & (core["as_of"] - core["woke"] < self.most_span_days)
            & (core["span"] <= self.most_span_days)
            & (core["slept"] >= self.least_sleep_days)
            & (turnover >= self.least_turnover_minor)
            & (core["credited"] + core["debited"] - turnover >= self.least_turnover_minor)
            & (core["payers"] >= self.least_payers)
        )
        return Findings.where(
            fired,
            value=core["slept"],
            threshold=self.least_sleep_days,
            strength=ramp(turnover, self.least_turnover_minor, 20 * self.least_turnover_minor),
            evaluable=core["opened"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the spells and the sleep between them."""
        core, w = rows.core[k], rows.w30[k]
        moved = yuan(w["credited"] + w["debited"])
        return (
            f"短期集中使用后休眠再启用：开户后使用{int(core['span'])}日，停用{int(core['slept'])}日（参考线{self.least_sleep_days}日）"
            f"后重新启用，30日内收付{moved}元。",
            f"Burst, sleep, reuse: used for {int(core['span'])} days from its opening, silent for {int(core['slept'])} days (reference "
            f"{self.least_sleep_days}), now {moved} yuan moved within 30 days.",
        )


TYPOLOGY = BurstThenSleep()
