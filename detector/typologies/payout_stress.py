"""Payout stress: payees are late, or new payers dry up while ever more goes back (regulation.md F18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_RETURN
from detector.findings import EvaluationRows, Findings, percent, ramp, share

LATE_DAYS_OF_W10 = 14
"""Calendar days that ten working days take, holidays apart."""


@dataclass(frozen=True, slots=True)
class PayoutStress:
    """A fifth of the periodic payees is more than half a period overdue without having all their money back; or new payers come
    ever more slowly (last 10 working days, the rest of 30 days, the rest of 90) while at least nine tenths of what comes in goes
    back to payers, and lately no less. The clock of a scheme that is ending, not a reason to suspect one: it counts only beside
    another finding of the payout family (regulation §2.4 has it as life cycle, where nothing would stand beside it). What went back within a window is the window's outflow by the account's share of returned money.
    """

    key: str = "payout_stress@1"
    family: str = "payout"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_periodic: int = 10
    least_late_share: float = 0.2
    least_returnees: int = 15
    least_coverage: float = 0.9

    def _late(self, rows: EvaluationRows) -> Any:
        """Share of periodic payees that are late, 0 where too few are periodic to speak of one."""
        core = rows.core
        return np.where(core["periodic"] >= self.least_periodic, share(core["late"], core["periodic"]), 0.0)

    def _drying(self, rows: EvaluationRows) -> Any:
        """Whether new payers fall over three windows while what goes back does not."""
        new10, new30, new90 = (w["new_payers"].astype(np.float64) for w in (rows.w10, rows.w30, rows.w90))
        lately, before, long_before = new10 / LATE_DAYS_OF_W10, (new30 - new10) / (30 - LATE_DAYS_OF_W10), (new90 - new30) / 60
        falling = (lately < before) & (before < long_before)
        back10, back30 = self._going_back(rows, rows.w10), self._going_back(rows, rows.w30)
        return falling & (rows.w90["returnees"] >= self.least_returnees) & (back30 >= self.least_coverage) & (back10 >= back30)

    def _going_back(self, rows: EvaluationRows, window: Any) -> Any:
        returned = share(rows.core["returned"], rows.core["debited"])
        return share(window["debited"] * returned, np.maximum(window["credited"], 1))

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of periodic payees that are late; what goes back over what comes in where only that shows it."""
        late, drying = self._late(rows), self._drying(rows)
        by_late = late >= self.least_late_share
        back = np.minimum(self._going_back(rows, rows.w30), 99.0)
        return Findings.where(
            by_late | drying,
            value=np.where(by_late | ~drying, late, back),
            threshold=np.where(by_late | ~drying, self.least_late_share, self.least_coverage),
            strength=np.where(by_late, ramp(late, self.least_late_share, 0.6), 0.6),
            coverage=rows.known_share,
            evaluable=rows.core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the late ones, new payers and what goes back."""
        core, w10, w30, w90 = rows.core[k], rows.w10[k], rows.w30[k], rows.w90[k]
        one = EvaluationRows(rows.core[k : k + 1], rows.windows[k : k + 1])
        late, back = percent(float(self._late(one)[0])), percent(min(float(self._going_back(one, one.w30)[0]), 99.0))
        return (
            f"兑付压力：{int(core['periodic'])}名定期收款人中{int(core['late'])}名逾期超过半个周期（{late}，参考线"
            f"{percent(self.least_late_share)}）；新付款人90日{int(w90['new_payers'])}名、30日{int(w30['new_payers'])}名、近10个工作日"
            f"{int(w10['new_payers'])}名，30日内返还约为转入的{back}（参考线{percent(self.least_coverage)}）。",
            f"Payout stress: {int(core['late'])} of {int(core['periodic'])} periodic payees are more than half a period overdue ({late}, "
            f"reference {percent(self.least_late_share)}); {int(w90['new_payers'])} new payers within 90 days, {int(w30['new_payers'])} "
            f"within 30, {int(w10['new_payers'])} within 10 working days; about {back} of the inflow of 30 days goes back (reference "
            f"{percent(self.least_coverage)}).",
        )


TYPOLOGY = PayoutStress()
