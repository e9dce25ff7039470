"""Fund-raising remarks: payers write of investing, payouts of interest (regulation.md F08)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import PAIR_TEXT_STRONG, TAG_TEXT
from detector.findings import EvaluationRows, Findings, percent, ramp, share
from detector.returning import are_rebates, in_proportion


@dataclass(frozen=True, slots=True)
class FundraisingRemarks:
    """Share of credits or debits within 90 days whose remark or purpose hits the lexicons, by enough persons.

    Interest and dividends are words of returns only to persons who had paid in before, and in some proportion to what they had
    (returning.in_proportion): a village pays its members dividends who never did, a co-operative pays them by the grain that
    they sold it, whatever they bought of it, and a wholesaler its dealers a rebate. Five payers are enough where a third of the credits says so and at least fifteen persons pay in. Weak words (a
    project's money, a loan) count as soon as three payers wrote plain ones. Words of
    ordinary business (wages, fees, goods) lower it, and licensed counterparties do not count. Three payers
    with one of the strong words fire alone. Customers write remarks, so nothing is ever suppressed by them.
    """

    key: str = "fundraising_remarks@1"
    family: str = "text"
    window: str = "W90"
    evidence_tag: int = TAG_TEXT
    evidence_sides: tuple[int, ...] = (0, 1)
    least_share: float = 0.2
    least_persons: int = 10
    few_persons: int = 5
    few_share: float = 0.33
    few_payers: int = 15
    least_strong_payers: int = 3
    least_plain_payers: int = 3

    def _into(self, rows: EvaluationRows, beside: Any) -> Any:
        """Share of the credits that speak of investing; weak words count ``beside`` plain ones of enough payers."""
        w = rows.w90
        return share(w["text_in"] + np.where(beside, w["text_weak"], 0), w["credits"])

    def _said(self, rows: EvaluationRows) -> Any:
        """``_into`` once counterparties were asked: the walk counts weak words only beside plain ones too (walk.walk)."""
        return self._into(rows, rows.core["text_in_payers"] >= self.least_plain_payers)

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire: remarks enough, and persons who could have written them."""
        w, spoken = rows.w90, rows.may_speak(PAIR_TEXT_STRONG, self.least_strong_payers)
        into, out = self._into(rows, beside=True), share(w["text_out"], w["debits"])
        return (
            ((into >= self.least_share) & (w["payers"] >= self.least_persons))
            | ((into >= self.few_share) & (w["payers"] >= max(self.few_persons, self.few_payers)))
            | ((out >= self.least_share) & (w["payees"] >= self.least_persons))
            | (spoken & (w["payers"] >= self.least_strong_payers))
        )

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        core = rows.core
        return (
            (core["text_in_payers"] >= min(self.least_persons, self.few_persons))
            | (core["text_out_payees"] >= self.least_persons)
            | (core["text_strong_payers"] >= self.least_strong_payers)
        )

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: the larger of the two shares; where strong words alone speak, how many payers used one."""
        w = rows.w90
        into, out = self._said(rows), share(w["text_out"], w["debits"])
        shared = (
            ((into >= self.least_share) & (rows.core["text_in_payers"] >= self.least_persons))
            | ((into >= self.few_share) & (rows.core["text_in_payers"] >= self.few_persons) & (w["payers"] >= self.few_payers))
            | (
                (out >= self.least_share)
                & (rows.core["text_out_payees"] >= self.least_persons)
                & in_proportion(rows)
                & ~are_rebates(rows)
            )
        )
        strong = rows.core["text_strong_payers"] >= self.least_strong_payers
        value = np.maximum(into, out)
        strength = np.maximum(
            ramp(value, self.least_share, 0.6),
            np.where(strong, ramp(rows.core["text_strong_payers"], self.least_strong_payers, 15), 0.0),
        )
        return Findings.where(
            shared | strong,
            value=np.where(shared, value, rows.core["text_strong_payers"]),
            threshold=np.where(shared, self.least_share, self.least_strong_payers),
            strength=strength,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with persons and shares."""
        w, core = rows.w90[k], rows.core[k]
        into = percent(float(self._said(rows.only(np.array([k])))[0]))
        out = percent(float(share(w["text_out"], w["debits"])))
        return (
            f"附言涉集资用语：90日内{into}的转入附言含投资、入股、复投等用语（{int(core['text_in_payers'])}名付款人，其中"
            f"{int(core['text_strong_payers'])}名使用典型用语），{out}的转出附言含利息、返利等用语（{int(core['text_out_payees'])}名收款人）。",
            f"Remarks speak of fund-raising: {into} of credits within 90 days mention investing ({int(core['text_in_payers'])} "
            f"payers, {int(core['text_strong_payers'])} with typical words), {out} of debits mention returns "
            f"({int(core['text_out_payees'])} payees).",
        )


TYPOLOGY = FundraisingRemarks()
