"""Return-rate lattice: payouts stand at few fixed rates to what each payee had paid in (regulation.md F06b)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_RETURN
from detector.findings import EvaluationRows, Findings, percent, ramp, share
from detector.returning import are_rebates, given_back_at_once


@dataclass(frozen=True, slots=True)
class ReturnRateLattice:
    """Share of 90-day returnees whose newest payout is at one of at most three rates (each ±5 %) of their principal.

    A rate is a period's interest (0.2–10 %; up to 30 % to who was paid more than once) or principal with interest
    (100.2–130 %). What is left of a common purse is given back at one rate as well, but at once. Rebates on what dealers buy do so too, and are told by how often these
    buy (returning.are_rebates). Trade, wages and refunds fill no lattice: their amounts know nothing of what the payee had paid in.
    """

    key: str = "return_rate_lattice@1"
    family: str = "payout"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_payees: int = 10
    least_share: float = 0.6

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return rows.w90["returnees"] >= self.least_payees

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["ratios_on_lattice"] >= self.least_payees

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of payout ratios on the lattice."""
        count = rows.core["ratios"]
        on = share(rows.core["ratios_on_lattice"], count)
        return Findings.where(
            (rows.core["ratios_on_lattice"] >= self.least_payees)
            & (on >= self.least_share)
            & ~given_back_at_once(rows)
            & ~are_rebates(rows),
            value=on,
            threshold=self.least_share,
            strength=ramp(on, self.least_share, 1.0),
            coverage=rows.known_share,
            evaluable=rows.core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the rates."""
        core = rows.core[k]
        centres = np.sort(core["lattice"][core["lattice"] > 0])
        rates = "、".join(percent(float(c)) for c in centres)
        on = percent(float(findings.value[k]))
        return (
            f"返还金额与本金成固定比例：{int(core['ratios'])}名收回款项者中{int(core['ratios_on_lattice'])}名（{on}，参考线"
            f"{percent(self.least_share)}）的最近一笔返还集中在其累计本金的{rates}。",
            f"Payouts at fixed rates of principal: {int(core['ratios_on_lattice'])} of {int(core['ratios'])} payees who had "
            f"paid in ({on}, reference {percent(self.least_share)}) last received {rates.replace('、', ', ')} of it.",
        )


TYPOLOGY = ReturnRateLattice()
