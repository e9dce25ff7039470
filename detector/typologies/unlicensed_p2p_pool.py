"""Unlicensed P2P pool: lenders and borrowers in one account, in the words of lending platforms (regulation.md F21)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import PAIR_TEXT_P2P, TAG_TEXT
from detector.findings import EvaluationRows, Findings, ramp


@dataclass(frozen=True, slots=True)
class UnlicensedP2pPool:
    """An account without a licence that collects from at least 50 persons of whom some write of platform lending; persons on both of
    its sides make it stronger. A platform's money belongs with a custodian bank.
    """

    key: str = "unlicensed_p2p_pool@1"
    family: str = "text"
    window: str = "W90"
    evidence_tag: int = TAG_TEXT
    evidence_sides: tuple[int, ...] = (0,)
    least_payers: int = 50
    least_text_payers: int = 10

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        many = rows.w90["payers"] >= max(self.least_payers, self.least_text_payers)
        return many & (rows.core["licence"] == 0) & rows.may_speak(PAIR_TEXT_P2P, self.least_text_payers)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["text_p2p_payers"] >= self.least_text_payers

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: payers within 90 days whose remarks speak of platform lending."""
        core, value = rows.core, rows.core["text_p2p_payers"]
        return Findings.where(
            (rows.w90["payers"] >= self.least_payers) & (value >= self.least_text_payers) & (core["licence"] == 0),
            value=value,
            threshold=self.least_text_payers,
            strength=ramp(value, self.least_text_payers, 100) + 0.2 * (core["both_sides"] >= self.least_text_payers),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with payers and who stands on both sides."""
        said, both, payers = int(findings.value[k]), int(rows.core["both_sides"][k]), int(rows.w90["payers"][k])
        return (
            f"网贷资金未存管：90日内{payers}名付款人中{said}名附言含出借、债权转让等用语（参考线{self.least_text_payers}名），"
            f"{both}人既付款又收款，账户未见资金存管。",
            f"P2P money outside custody: of {payers} payers within 90 days {said} write of lending or transferred claims (reference "
            f"{self.least_text_payers}), {both} persons stand on both sides, and no custodian is seen.",
        )


TYPOLOGY = UnlicensedP2pPool()
