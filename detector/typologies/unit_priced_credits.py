"""Unit-priced credits: most credits are multiples of one common unit (regulation.md F04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import MARKS_MINOR, TAG_PERSON, UNITS_MINOR
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class UnitPricedCredits:
    """The largest common unit of which at least 80 % of the credits within 30 days are multiples; or one price, whatever it is, with
    which at least 80 % of the payers of 90 days began: an entry fee of 2,980 is a unit too.

    Of units of 1,000 yuan and more at least 80 % of the credits of so much: who collects on his own account lives on it too, and
    friends' small change neither makes nor hides a unit.

    Where half of the credits are 5,000 yuan and more, those of 90 days tell as well: who takes large sums from few a month has no
    twenty of them within one.

    Or a unit that is on no list, 1,980 or 9,800 yuan: of the newest credits of so many payers, 1,000 yuan and more, at least 80 % are
    multiples of it (features.prices).

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
        unit, fit = self._units_within(rows.w30, self._typical(rows), self._large(rows.w30))
        slow = (unit == 0) & self._slow(rows)
        if not slow.any():
            return unit, fit
        long, long_fit = self._units_within(rows.w90, np.zeros(len(rows), np.bool_), slow)
        return np.where(slow, long, unit), np.where(slow, long_fit, fit)

    def _units_within(self, w: Any, typical: Any, large: Any) -> tuple[np.ndarray, np.ndarray]:
        units = np.array(UNITS_MINOR, np.int64)
        all_of_them = np.repeat(w["credits"][:, None], len(units), axis=1)
        whole = np.where(units >= MARKS_MINOR[0], w["at_marks"][:, :1], all_of_them)
        shares = share(w["at_units"], whole)
        shares = np.where(typical[:, None] | ((units >= MARKS_MINOR[0]) & large[:, None]), shares, 0.0)
        fit = shares >= self.least_share
        best = np.where(fit, units, 0).argmax(axis=1)
        at = np.arange(len(w))
        return np.where(fit[at, best], units[best], 0), shares[at, best]

    def _typical(self, rows: EvaluationRows) -> Any:
        """Where enough payers pay typical tickets: a median of at least 1,000 is at least half of the credits at the first mark."""
        w = rows.w30
        many = (w["payers"] >= self.least_payers) & (w["credits"] >= self.least_credits)
        return many & (2 * w["at_marks"][:, 0] >= w["credits"])

    def _large(self, w: Any) -> Any:
        """Where enough payers pay, and enough credits are of 1,000 and more."""
        found: Any = (w["payers"] >= self.least_payers) & (w["at_marks"][:, 0] >= self.least_credits)
        return found

    def _slow(self, rows: EvaluationRows) -> Any:
        """Where that is so of 90 days, and half of those credits are of 5,000 and more."""
        w = rows.w90
        return self._large(w) & (2 * w["at_marks"][:, len(MARKS_MINOR) - 1] >= w["at_marks"][:, 0])

    def _fee(self, rows: EvaluationRows) -> tuple[np.ndarray, np.ndarray]:
        """Whether most payers of 90 days began with the one same sum, and what share of them."""
        core = rows.core
        at_fee = share(core["ticket_mode"], core["tickets"])
        return (at_fee >= self.least_share) & (core["ticket_usual"] >= self.least_unit_minor), at_fee

    def _priced(self, rows: EvaluationRows) -> tuple[np.ndarray, np.ndarray]:
        """Whether most payers' newest credits are multiples of a price beyond the list, and what share of them."""
        core = rows.core
        fit = share(core["price_fits"], core["price_known"])
        enough = self._large(rows.w30) & (core["price_known"] >= self.least_payers)
        return enough & (fit >= self.least_share) & (core["price"] >= self.least_unit_minor), fit

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return self._typical(rows) | self._large(rows.w30) | self._slow(rows)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        fee, _ = self._fee(rows)
        unit, _ = self._units(rows)
        priced, _ = self._priced(rows)
        return (unit >= self.least_unit_minor) | (self._typical(rows) & fee) | priced

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of credits that are multiples of the unit."""
        unit, fit = self._units(rows)
        fee, at_fee = self._fee(rows)
        priced, at_price = self._priced(rows)
        by_unit, by_fee = unit >= self.least_unit_minor, fee & self._typical(rows)
        fired = by_unit | by_fee | priced
        value = np.where(by_unit, fit, np.where(by_fee, at_fee, at_price))
        return Findings.where(
            fired,
            value=value,
            threshold=self.least_share,
            strength=ramp(value, self.least_share, 1.0),
            coverage=rows.known_share,
            evaluable=rows.core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the unit."""
        w, fit, days = rows.w30[k], percent(float(findings.value[k])), 30
        one = rows.only(np.array([k]))
        unit = int(self._units(one)[0][0])
        large = unit >= MARKS_MINOR[0]
        if large and self._slow(one)[0] and not self._units_within(one.w30, self._typical(one), self._large(one.w30))[0][0]:
            w, days = rows.w90[k], 90
        credits = int(w["at_marks"][0] if large else w["credits"])
        if unit < self.least_unit_minor and not (self._fee(one)[0] & self._typical(one))[0]:
            price, payers = yuan(rows.core["price"][k]), int(rows.core["price_known"][k])
            return (
                f"按固定单位金额收款：30日内{payers}名付款人千元以上的最近一笔转入中{fit}（参考线{percent(self.least_share)}）为{price}元的整数倍。",
                f"Credits by the unit: of the newest credits, 1,000 yuan and more, of {payers} payers within 30 days {fit} (reference "
                f"{percent(self.least_share)}) are multiples of {price} yuan.",
            )
        if unit < self.least_unit_minor:
            usual, payers = yuan(rows.core["ticket_usual"][k]), int(rows.core["tickets"][k])
            return (
                f"按同一价格收款：90日内{payers}名付款人中{fit}（参考线{percent(self.least_share)}）首笔为{usual}元，30日内付款人"
                f"{int(w['payers'])}名。",
                f"One price: {fit} of {payers} payers within 90 days (reference {percent(self.least_share)}) began with {usual} yuan; "
                f"{int(w['payers'])} payers within 30 days.",
            )
        return (
            f"按固定单位金额收款：{days}日内{credits}笔{'千元以上' if large else ''}转入中{fit}（参考线{percent(self.least_share)}）"
            f"为{yuan(unit)}元的整数倍，付款人{int(w['payers'])}名。",
            f"Credits by the unit: {fit} of {credits} credits{' of 1,000 yuan and more' if large else ''} within {days} days (reference "
            f"{percent(self.least_share)}) are multiples of {yuan(unit)} yuan, from {int(w['payers'])} payers.",
        )


TYPOLOGY = UnitPricedCredits()
