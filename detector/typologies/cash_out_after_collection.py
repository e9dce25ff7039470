"""Cash-out after collection: what many paid in is drawn in cash (regulation.md F19)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class CashOutAfterCollection:
    """At least 15 % of the 90-day inflow, or a million yuan, drawn in cash from an account that collected from many persons."""

    key: str = "cash_out_after_collection@1"
    family: str = "channel"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (1,)
    least_share: float = 0.15
    least_cash_minor: int = 100_000_000
    least_payers: int = 15
    least_inflow_minor: int = 20_000_000
    least_person_share: float = 0.8

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        w = rows.w90
        drawn = (w["cash_out"] >= self.least_cash_minor) | (share(w["cash_out"], w["credited"]) >= self.least_share)
        return drawn & (w["payers"] >= self.least_payers) & (w["credited"] >= self.least_inflow_minor)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: cash drawn as a share of the inflow; its yuan where only the sum reaches its line."""
        w = rows.w90
        ratio = share(w["cash_out"], w["credited"])
        collected = (
            (w["payers"] >= self.least_payers)
            & (w["credited"] >= self.least_inflow_minor)
            & (share(w["credited_by_persons"], w["credited"]) >= self.least_person_share)
        )
        much = w["cash_out"] >= self.least_cash_minor
        by_sum = much & (ratio < self.least_share)
        return Findings.where(
            collected & (much | (ratio >= self.least_share)),
            value=np.where(by_sum, w["cash_out"] / 100, ratio),
            threshold=np.where(by_sum, self.least_cash_minor / 100, self.least_share),
            strength=np.maximum(
                ramp(ratio, self.least_share, 0.6), ramp(w["cash_out"], self.least_cash_minor, 5 * self.least_cash_minor)
            ),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with payers, inflow and cash."""
        w, line = rows.w90[k], yuan(self.least_cash_minor)
        ratio = percent(float(share(w["cash_out"], w["credited"])))
        return (
            f"归集后大额取现：90日内自{int(w['payers'])}名付款人转入{yuan(w['credited'])}元，支取现金{yuan(w['cash_out'])}元，"
            f"占{ratio}（参考线{percent(self.least_share)}，或{line}元）。",
            f"Cash-out after collection: {yuan(w['credited'])} yuan from {int(w['payers'])} payers within 90 days, "
            f"{yuan(w['cash_out'])} yuan of it drawn in cash, {ratio} (reference {percent(self.least_share)} "
            f"or {line} yuan).",
        )


TYPOLOGY = CashOutAfterCollection()
