"""Sudden activity: a new or dormant account moves much at once (regulation.md F07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class SuddenActivity:
    """Three ways: a young account with much turnover, an account that slept for half a year or more and then moved much, and
    inflow of ten days far above the account's own past (the mean of the 180 days before, or of all of a younger account). Age is the institution's date of opening; without it only the
    other two are looked at. Savings wake too, so a waking is strong only at a multiple of its low published line.
    """

    key: str = "sudden_activity@1"
    family: str = "lifecycle"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    new_days: int = 15
    new_turnover_minor: int = 100_000_000
    dormant_days: int = 180
    dormant_turnover_minor: int = 10_000_000
    dormant_full: float = 25.0
    times_usual: float = 10.0
    least_inflow_minor: int = 40_000_000
    least_history_days: int = 60

    def _young(self, core: Any) -> Any:
        return (core["opened"] > 0) & (core["as_of"] - core["opened"] <= self.new_days)

    def _awake(self, core: Any) -> Any:
        return (core["woke"] > 0) & (core["as_of"] - core["woke"] < 10) & (core["slept"] >= self.dormant_days)

    def _usual_inflow(self, rows: EvaluationRows) -> Any:
        """Mean inflow of ten days over the 180 days before the window, less where it is younger; 0 where the past is short."""
        core = rows.core
        days = core["as_of"] - core["usual_from"] - 10
        before = core["usual_credited"] - rows.w10["credited"]
        return np.where(days >= self.least_history_days, 10.0 * share(before, days), 0.0)

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        core, w10, w30 = rows.core, rows.w10, rows.w30
        usual = self._usual_inflow(rows)
        return (
            ((w10["credited"] >= self.least_inflow_minor) & (usual > 0) & (w10["credited"] >= usual * self.times_usual))
            | (self._young(core) & (w30["credited"] + w30["debited"] >= self.new_turnover_minor))
            | (self._awake(core) & (w10["credited"] + w10["debited"] >= self.dormant_turnover_minor))
        )

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: turnover of the window over the line that was crossed."""
        core, w10, w30 = rows.core, rows.w10, rows.w30
        turnover10, turnover30 = w10["credited"] + w10["debited"], w30["credited"] + w30["debited"]
        new = np.where(self._young(core), turnover30 / self.new_turnover_minor, 0.0)
        # A longer sleep's published line, 2 million in 30 days, is never met before this one.
        dormant = np.where(self._awake(core), turnover10 / self.dormant_turnover_minor, 0.0)
        usual = self._usual_inflow(rows)
        grown = np.where(
            (usual > 0) & (w10["credited"] >= self.least_inflow_minor), share(w10["credited"], usual * self.times_usual), 0.0
        )
        value = np.maximum(np.maximum(new, dormant), grown)
        strength = np.maximum(ramp(np.maximum(new, grown), 1.0, 5.0), ramp(dormant, 1.0, self.dormant_full))
        return Findings.where(value >= 1.0, value=value, threshold=1.0, strength=strength)

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with age or sleep and the turnover."""
        core, w, times = rows.core[k], rows.w30[k], f"{float(findings.value[k]):.1f}"
        turnover = yuan(w["credited"] + w["debited"])
        young = bool(self._young(core))
        slept = int(core["slept"]) if self._awake(core) else 0
        why_zh = (
            f"开户{int(core['as_of'] - core['opened'])}日"
            if young
            else f"此前{slept}日无交易"
            if slept
            else "转入远超其自身过往水平"
        )
        why_en = (
            f"opened {int(core['as_of'] - core['opened'])} days ago"
            if young
            else f"no movement for {slept} days before"
            if slept
            else "inflow far above its own past"
        )
        return (
            f"账户突然启用：{why_zh}，30日内收付{turnover}元，为参考线的{times}倍。",
            f"Sudden activity: {why_en}, {turnover} yuan moved within 30 days, {times} times the reference.",
        )


TYPOLOGY = SuddenActivity()
