"""Probe, then ramp: tiny tests on a new account, then sums a hundred times as large (regulation.md F23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class ProbeThenRamp:
    """At least two movements of at most 100 yuan in the account's first 30 days, and within 7 days credits that are typically a
    hundred times the largest test. Only for accounts whose date of opening is known.
    """

    key: str = "probe_then_ramp@1"
    family: str = "lifecycle"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_probes: int = 2
    most_probe_share: float = 0.5
    times: float = 100.0
    most_age_days: int = 37
    most_days_after: int = 7
    least_inflow_minor: int = 20_000_000

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        core = rows.core
        lately = core["as_of"] - core["probed"] <= self.most_days_after
        return (core["probes"] >= self.least_probes) & lately & (rows.w10["credited"] >= self.least_inflow_minor)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: the mean credit within 10 working days over the largest test."""
        core, w = rows.core, rows.w10
        tests = np.maximum(core["probe_most"], 1)
        times = share(w["credited"], w["credits"]) / tests
        # Half of the credits at a mark or above: the median is at the mark or above.
        typical = ((2 * w["at_marks"][:, 0] >= w["credits"]) & (tests <= 1_000)) | (2 * w["at_marks"][:, 1] >= w["credits"])
        fired = (
            (core["probes"] >= self.least_probes)
            & (core["probes"] <= self.most_probe_share * core["movements"])
            & (core["as_of"] - core["opened"] <= self.most_age_days)
            & (core["as_of"] - core["probed"] <= self.most_days_after)
            & (w["credited"] >= self.least_inflow_minor)
            & (times >= self.times)
            & typical
        )
        return Findings.where(
            fired,
            value=times,
            threshold=self.times,
            strength=ramp(w["credited"], self.least_inflow_minor, 10 * self.least_inflow_minor),
            evaluable=core["opened"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the tests and what followed."""
        core, w, times = rows.core[k], rows.w10[k], int(findings.value[k])
        return (
            f"小额试探后放量：开户初期{int(core['probes'])}笔不超过100元的试探交易后，近10个工作日平均单笔转入为试探金额的{times}倍"
            f"（参考线{int(self.times)}倍），合计{yuan(w['credited'])}元。",
            f"Probe, then ramp: after {int(core['probes'])} tests of at most 100 yuan on the new account, the mean credit of the last 10 "
            f"working days is {times} times the largest test (reference {int(self.times)}), {yuan(w['credited'])} yuan in all.",
        )


TYPOLOGY = ProbeThenRamp()
