"""Pass-through: what comes in has left again by the evening, day after day (regulation.md F03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, share, yuan


@dataclass(frozen=True, slots=True)
class PassThrough:
    """Days with much inflow and nothing retained, among the last 10 working days.

    By balance where the institution gives one, else by the day's outflow over its inflow. ``least_inflow_minor`` and
    ``most_retained`` also reach the kernel, which judges each day.
    """

    key: str = "pass_through@1"
    family: str = "structure"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_days: int = 3
    least_inflow_minor: int = 5_000_000
    most_retained: float = 0.05

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return rows.core["passed_days"] >= self.least_days

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: days passed through. Strength rises with days and with the share of inflow days that passed."""
        days = rows.core["passed_days"]
        regular = share(days, rows.core["inflow_days"])
        return Findings.where(
            days >= self.least_days,
            value=days,
            threshold=self.least_days,
            strength=0.3 + 0.4 * regular + 0.1 * (days - self.least_days),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with days, money and what was kept."""
        days, money = int(findings.value[k]), yuan(rows.core["passed_inflow"][k])
        kept = percent(self.most_retained)
        return (
            f"快进快出、不留余额：近10个工作日内有{days}日（参考线{self.least_days}日）转入资金当日几乎全部转出"
            f"（留存不超过{kept}），合计{money}元。",
            f"Funds pass through: on {days} of the last 10 working days (reference {self.least_days}) almost all that came "
            f"in left the same day (at most {kept} kept), {money} yuan in all.",
        )


TYPOLOGY = PassThrough()
