"""Unregistered private fund: payers write of a private fund, and the account is none (regulation.md S11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from contract.profile import ACCOUNT_TYPES
from detector.features.layout import PAIR_TEXT_FUND, TAG_TEXT
from detector.findings import EvaluationRows, Findings, ramp, share, yuan

FUND_COLLECTION: Final = ACCOUNT_TYPES.index("fund_collection") + 1


@dataclass(frozen=True, slots=True)
class UnregisteredPrivateFund:
    """At least three payers within 90 days write of a private fund (私募) on an account that is neither a fund's collection account
    nor a licensed holder's, and collects from at least ten: from more than 200, or less than a million yuan each, which is
    the least that a qualified investor brings.
    """

    business: ClassVar[str] = "any"
    key: str = "unregistered_private_fund@1"
    family: str = "text"
    window: str = "W90"
    evidence_tag: int = TAG_TEXT
    evidence_sides: tuple[int, ...] = (0,)
    least_text_payers: int = 3
    least_payers: int = 10
    most_investors: int = 200
    least_ticket_minor: int = 100_000_000

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        many = rows.w90["payers"] >= max(self.least_payers, self.least_text_payers)
        return many & rows.may_speak(PAIR_TEXT_FUND, self.least_text_payers)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["text_fund_payers"] >= self.least_text_payers

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: payers who write of a private fund."""
        core, w = rows.core, rows.w90
        payers, value = w["payers"], core["text_fund_payers"]
        retail = (payers > self.most_investors) | (share(w["credited_by_persons"], payers) < self.least_ticket_minor)
        licensed = (core["licence"] > 0) | (core["account_type"] == FUND_COLLECTION)
        return Findings.where(
            (value >= self.least_text_payers) & (payers >= self.least_payers) & retail & ~licensed,
            value=value,
            threshold=self.least_text_payers,
            strength=0.1 + ramp(value, self.least_text_payers, 10 * self.least_text_payers),
            coverage=rows.known_share,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with investors and tickets."""
        w, said = rows.w90[k], int(findings.value[k])
        payers, mean = int(w["payers"]), yuan(int(share(w["credited_by_persons"], w["payers"])))
        return (
            f"疑似伪私募：90日内{payers}名付款人中{said}名附言含私募（参考线{self.least_text_payers}名），人均{mean}元（合格投资者不低于"
            f"{yuan(self.least_ticket_minor)}元），账户并非募集结算专户。",
            f"Unregistered private fund: of {payers} payers within 90 days {said} write of a private fund (reference "
            f"{self.least_text_payers}), {mean} yuan each (qualified investors bring {yuan(self.least_ticket_minor)}), and the account is "
            f"no fund's collection account.",
        )


TYPOLOGY = UnregisteredPrivateFund()
