"""Scope mismatch: a firm that does not sell to consumers collects from many persons (regulation.md F11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.movement import HOLDER_KINDS
from detector.features.layout import INDUSTRY_OTHER, NAME_RESTRICTED, NAME_WATCHED, TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, share

COMPANY = HOLDER_KINDS.index("company") + 1


@dataclass(frozen=True, slots=True)
class ScopeMismatch:
    """A firm whose industry is not one that collects from persons by trade, with nearly all its inflow from persons; or one whose
    name or registered scope has words that the law keeps for licensed institutions, and that collects from persons at all.
    Industry and scope are the institution's records, not the customer's remarks. A firm without either is not evaluable, nor is an
    account whose holder is of unknown kind; a person's account is simply no firm's.
    """

    key: str = "scope_mismatch@1"
    family: str = "text"
    window: str = "W90"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_person_share: float = 0.8
    least_payers: int = 30
    least_payers_restricted: int = 10
    most_capital_share: float = 0.1

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        core, w = rows.core, rows.w90
        mismatch = (core["industry"] == INDUSTRY_OTHER) & (w["payers"] >= self.least_payers)
        restricted = (core["sensitive"] == NAME_RESTRICTED) & (w["payers"] >= self.least_payers_restricted)
        persons = share(w["credited_by_persons"], w["credited"]) >= self.least_person_share
        return (core["holder_kind"] == COMPANY) & (core["licence"] == 0) & (mismatch | restricted) & persons

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of the inflow that persons paid within 90 days."""
        core, w = rows.core, rows.w90
        firm = core["holder_kind"] == COMPANY
        persons = share(w["credited_by_persons"], w["credited"])
        restricted = (core["sensitive"] == NAME_RESTRICTED) & (w["payers"] >= self.least_payers_restricted)
        thin = (core["capital"] > 0) & (core["capital"] < self.most_capital_share * w["credited"] * (365 / 90))
        return Findings.where(
            self.screen(rows),
            value=persons,
            threshold=self.least_person_share,
            strength=0.5 + 0.2 * restricted + 0.2 * thin + 0.1 * (core["sensitive"] == NAME_WATCHED),
            coverage=rows.known_share,
            evaluable=(core["holder_kind"] > 0) & (~firm | (core["industry"] > 0) | (core["sensitive"] > 0)),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with payers, the share of persons, and what does not fit."""
        core, w, persons = rows.core[k], rows.w90[k], percent(float(findings.value[k]))
        named = core["sensitive"] == NAME_RESTRICTED
        return (
            f"资金与经营范围不符：90日内自{int(w['payers'])}名付款人收款，其中自然人金额占{persons}"
            f"（参考线{percent(self.least_person_share)}），"
            + ("名称或经营范围含须持牌方可使用的金融字样而无牌照。" if named else "登记行业并不面向个人收款。"),
            f"Scope mismatch: {int(w['payers'])} payers within 90 days, {persons} of the money from natural persons (reference "
            f"{percent(self.least_person_share)}), "
            + (
                "with words in name or scope that need a licence it does not have."
                if named
                else "though its registered industry does not sell to consumers."
            ),
        )


TYPOLOGY = ScopeMismatch()
