"""Unit-priced credits: most credits are multiples of one common unit (regulation.md F04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_PERSON, UNITS_MINOR
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class UnitPricedCredits:
    """The largest common unit of which at least 80 % of the credits within 30 days are multiples.

    Weak alone: tuition, tickets and gift money are unit-priced too, so it counts only beside other families.
    """

    key: str = "unit_priced_credits@1"
    family: str = "amount"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_share: float = 0.8
    least_unit_minor: int = 50_000
    least_credits: int = 20
    least_payers: int = 15

    def _units(self, rows: EvaluationRows) -> tuple[np.ndarray, np.ndarray]:
        """The largest unit that enough credits share, in minor units (0 for none), and its share of credits."""
        units = np.array(UNITS_MINOR, np.int64)
        shares = share(rows.w30["at_units"], np.repeat(rows.w30["credits"][:, None], len(units), axis=1))
        fit = shares >= self.least_share
        best = np.where(fit, units, 0).argmax(axis=1)
        at = np.arange(len(rows))
        return np.where(fit[at, best], units[best], 0), shares[at, best]

    def _typical(self, rows: EvaluationRows) -> Any:
        """Where enough payers pay typical tickets: a median of at least 1,000 is at least half of the credits at the first mark."""
        w = rows.w30
        many = (w["payers"] >= self.least_payers) & (w["credits"] >= self.least_credits)
        return many & (2 * w["at_marks"][:, 0] >= w["credits"])

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire: all units are multiples of the first, so are the multiples of any."""
        return self._typical(rows) & (share(rows.w30["at_units"][:, 0], rows.w30["credits"]) >= self.least_share)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of credits that are multiples of the unit."""
        unit, fit = self._units(rows)
        fired = (unit >= self.least_unit_minor) & self._typical(rows)
        return Findings.where(
            fired,
            value=fit,
            threshold=self.least_share,
            strength=ramp(fit, self.least_share, 1.0),
            coverage=rows.known_share,
            evaluable=rows.core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the unit."""
        w, fit = rows.w30[k], percent(float(findings.value[k]))
        credits, fitting = int(w["credits"]), zip(UNITS_MINOR, w["at_units"].tolist(), strict=True)
        unit = max((unit for unit, count in fitting if count / credits >= self.least_share), default=0)
        return (
            f"按固定单位金额收款：30日内{credits}笔转入中{fit}（参考线{percent(self.least_share)}）"
            f"为{yuan(unit)}元的整数倍，付款人{int(w['payers'])}名。",
            f"Credits by the unit: {fit} of {credits} credits within 30 days (reference "
            f"{percent(self.least_share)}) are multiples of {yuan(unit)} yuan, from {int(w['payers'])} payers.",
        )


TYPOLOGY = UnitPricedCredits()
