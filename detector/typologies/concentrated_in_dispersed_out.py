"""Concentrated in, dispersed out: few pay in, many are paid (regulation.md F02)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.features.layout import TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, ramp, yuan


@dataclass(frozen=True, slots=True)
class ConcentratedInDispersedOut:
    """The mirror of dispersed in, concentrated out; published rule R0002 as a second way.

    Wages, dividends and benefits look like this too, so it counts only beside other families.
    """

    key: str = "concentrated_in_dispersed_out@1"
    family: str = "structure"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (1,)
    most_payers: int = 3
    least_payees: int = 15
    least_top3_share: float = 0.8
    least_outflow_minor: int = 20_000_000
    published_turnover_minor: int = 200_000_000
    published_credits: int = 2
    published_debits: int = 15

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: distinct payees within 30 days."""
        mirror = np.zeros(len(rows), np.bool_)
        for window, top3 in ((rows.w10, "top3_in_w10"), (rows.w30, "top3_in_w30")):
            mirror |= (
                (window["payers"] <= self.most_payers)
                & (window["payees"] >= self.least_payees)
                & (rows.core[top3] >= self.least_top3_share)
                & (window["debited"] >= self.least_outflow_minor)
            )
        w = rows.w30
        published = (
            (w["credited"] + w["debited"] >= self.published_turnover_minor)
            & (w["credits"] <= self.published_credits)
            & (w["debits"] >= self.published_debits)
        )
        return Findings.where(
            mirror | published,
            value=w["payees"],
            threshold=self.least_payees,
            strength=ramp(w["payees"], self.least_payees, 5 * self.least_payees),
            coverage=rows.known_share,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with payers, payees and money."""
        w, top = rows.w30[k], percent(float(rows.core["top3_in_w30"][k]))
        return (
            f"集中转入、分散转出：30日内{int(w['payers'])}名付款人、{int(w['payees'])}名收款人（参考线{self.least_payees}名），"
            f"前三名付款方占转入{top}，转出{yuan(w['debited'])}元。",
            f"Concentrated in, dispersed out: {int(w['payers'])} payers and {int(w['payees'])} payees within 30 days (reference "
            f"{self.least_payees}), the three largest payers gave {top}, {yuan(w['debited'])} yuan out.",
        )


TYPOLOGY = ConcentratedInDispersedOut()
