"""Periodic returns: many who had paid in are paid at even intervals in like amounts (regulation.md F05)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import TAG_RETURN
from detector.findings import EvaluationRows, Findings, percent, ramp, share


@dataclass(frozen=True, slots=True)
class PeriodicReturns:
    """Payees within 90 days with at least three payouts, gaps near a day, week, ten days, half month, month or quarter, and
    amounts that vary by at most 10 %, who had all paid in before; exact refunds are no payouts here.

    Five such payees are enough where they are half of all and at least fifteen persons pay in: that it is public is said by
    the payers, not by how many are paid already. Wages and rents are periodic too, but their receivers never paid in; a
    licensed insurer's and fund's are suppressed.
    """

    key: str = "periodic_returns@1"
    family: str = "payout"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_payees: int = 10
    least_share: float = 0.3
    few_payees: int = 5
    few_share: float = 0.5
    few_payers: int = 15

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        returnees, payees = rows.w90["returnees"], rows.w90["payees"]
        least, part = min(self.least_payees, self.few_payees), min(self.least_share, self.few_share)
        return (returnees >= least) & (share(returnees, payees) >= part)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["periodic"] >= min(self.least_payees, self.few_payees)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: periodic payees as a share of all payees within 90 days."""
        ratio = share(rows.core["periodic"], rows.w90["payees"])
        many = rows.core["periodic"] >= self.least_payees
        few = (rows.core["periodic"] >= self.few_payees) & (rows.w90["payers"] >= self.few_payers)
        return Findings.where(
            (many & (ratio >= self.least_share)) | (few & (ratio >= self.few_share)),
            value=ratio,
            threshold=self.least_share,
            strength=ramp(ratio, self.least_share, 0.9),
            coverage=rows.known_share,
            evaluable=rows.core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with payees and the interval."""
        core, ratio, days = rows.core[k], percent(float(findings.value[k])), int(rows.core["period"][k])
        return (
            f"定期返息：90日内{int(core['periodic'])}名此前付过款的收款人按固定周期（多为{days}日一次）收到金额相近的款项，"
            f"占收款人的{ratio}（参考线{percent(self.least_share)}）。",
            f"Periodic returns: {int(core['periodic'])} payees who had paid in before receive like amounts at even intervals (mostly "
            f"every {days} days), {ratio} of all payees within 90 days (reference {percent(self.least_share)}).",
        )


TYPOLOGY = PeriodicReturns()
