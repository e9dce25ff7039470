"""False policy sales: premiums are paid to a person's own account, and money goes back on them (regulation.md I13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from contract.movement import HOLDER_KINDS
from detector.features.layout import PAIR_TEXT_POLICY, TAG_PERSON
from detector.findings import EvaluationRows, Findings, ramp, yuan

PERSON: Final = HOLDER_KINDS.index("person") + 1


@dataclass(frozen=True, slots=True)
class FalsePolicySales:
    """At least 15 persons within 90 days who write of premiums or policies on a private person's account, at least three of whom
    were paid in turn: an agent who hands premiums on pays the insurer, not his clients (法释 2022 art. 2(7)). An insurer's account
    is no person's. Where the kind of holder is unknown it is not evaluable.
    """

    business: ClassVar[str] = "any"
    key: str = "false_policy_sales@1"
    family: str = "text"
    window: str = "W90"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_text_payers: int = 15
    least_returnees: int = 3

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        core, w = rows.core, rows.w90
        spoken = rows.may_speak(PAIR_TEXT_POLICY, self.least_text_payers) & (w["payers"] >= self.least_text_payers)
        return spoken & (core["holder_kind"] == PERSON) & (w["returnees"] >= self.least_returnees)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["text_policy_payers"] >= self.least_text_payers

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: payers who write of premiums or policies."""
        core, value = rows.core, rows.core["text_policy_payers"]
        return Findings.where(
            (value >= self.least_text_payers)
            & (rows.w90["returnees"] >= self.least_returnees)
            & (core["holder_kind"] == PERSON)
            & (core["licence"] == 0),
            value=value,
            threshold=self.least_text_payers,
            strength=0.3 + ramp(value, self.least_text_payers, 5 * self.least_text_payers),
            coverage=rows.known_share,
            evaluable=core["holder_kind"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with payers and returns."""
        w, said = rows.w90[k], int(findings.value[k])
        return (
            f"疑似假保单集资：90日内{int(w['payers'])}名付款人中{said}名附言含保费、保单（参考线{self.least_text_payers}名），款项进入个人账户，"
            f"其中{int(w['returnees'])}人此后收到该账户付款，共转入{yuan(w['credited'])}元。",
            f"False policy sales: of {int(w['payers'])} payers within 90 days {said} write of premiums or policies (reference "
            f"{self.least_text_payers}) on a person's own account, {int(w['returnees'])} were later paid by it; {yuan(w['credited'])} yuan "
            f"came in.",
        )


TYPOLOGY = FalsePolicySales()
