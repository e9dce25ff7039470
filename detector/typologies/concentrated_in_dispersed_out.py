"""Concentrated in, dispersed out: few pay in, many are paid (regulation.md F02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, ramp, yuan


@dataclass(frozen=True, slots=True)
class ConcentratedInDispersedOut:
    """The mirror of dispersed in, concentrated out; published rule R0002 as a second way.

    Wages, dividends and benefits look like this too, so it counts only beside other families. That few pay in can be said only
    where nearly all credits name their payer; the published rule asks for no names.
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
    least_known_share: float = 0.8
    published_turnover_minor: int = 200_000_000
    published_credits: int = 2
    published_debits: int = 15

    def _few_to_many(self, rows: EvaluationRows, window: Any) -> Any:
        return (
            (window["payers"] <= self.most_payers)
            & (window["payees"] >= self.least_payees)
            & (window["debited"] >= self.least_outflow_minor)
            & (rows.known_share >= self.least_known_share)
        )

    def _mirror(self, rows: EvaluationRows, window: Any, top3: str) -> Any:
        return self._few_to_many(rows, window) & (rows.core[top3] >= self.least_top3_share)

    def _published(self, rows: EvaluationRows) -> Any:
        w = rows.w30
        return (
            (w["credited"] + w["debited"] >= self.published_turnover_minor)
            & (w["credits"] <= self.published_credits)
            & (w["debits"] >= self.published_debits)
        )

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return self._published(rows) | self._few_to_many(rows, rows.w30) | self._few_to_many(rows, rows.w10)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        month, short = self._mirror(rows, rows.w30, "top3_in_w30"), self._mirror(rows, rows.w10, "top3_in_w10")
        return self._published(rows) | month | short

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: distinct payees within 30 days, or 10 working days where only these show it; debits by the published rule."""
        month, short = self._mirror(rows, rows.w30, "top3_in_w30"), self._mirror(rows, rows.w10, "top3_in_w10")
        published = self._published(rows)
        debits = np.maximum(rows.w30["payees"], rows.w30["debits"])
        value = np.where(month, rows.w30["payees"], np.where(short, rows.w10["payees"], debits))
        return Findings.where(
            month | short | published,
            value=value,
            threshold=self.least_payees,
            strength=ramp(value, self.least_payees, 5 * self.least_payees),
            coverage=rows.known_share,
            evaluable=(rows.known_share >= self.least_known_share) | published,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with payers, payees and money of the window that shows it."""
        one = EvaluationRows(rows.core[k : k + 1], rows.windows[k : k + 1])
        month = bool(self._mirror(one, one.w30, "top3_in_w30")[0] | self._published(one)[0])
        w, span = (rows.w30[k], ("30日", "30 days")) if month else (rows.w10[k], ("10个工作日", "10 working days"))
        top = percent(float(rows.core["top3_in_w30" if month else "top3_in_w10"][k]))
        return (
            f"集中转入、分散转出：{span[0]}内{int(w['payers'])}名付款人、{int(w['payees'])}名收款人（参考线{self.least_payees}名），"
            f"转出{int(w['debits'])}笔共{yuan(w['debited'])}元，前三名付款方占转入{top}。",
            f"Concentrated in, dispersed out: {int(w['payers'])} payers and {int(w['payees'])} payees within {span[1]} (reference "
            f"{self.least_payees}), {int(w['debits'])} debits of {yuan(w['debited'])} yuan, the three largest payers gave {top}.",
        )


TYPOLOGY = ConcentratedInDispersedOut()
