"""Returns at one rate: the first who are paid back all get the same rate of round sums (regulation.md F06b, while it is small)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import TAG_RETURN
from detector.findings import EvaluationRows, Findings, percent, ramp, share
from detector.returning import are_rebates, given_back_at_once


@dataclass(frozen=True, slots=True)
class ReturnsAtOneRate:
    """At least three payees stand at exactly one rate (±1 %) of what each had paid in, they brought different round sums (multiples
    of 500 yuan), and they are nearly all whom the account paid back; it takes money from at least fifteen persons and goes on.

    The return-rate lattice asks for ten payees because it allows three rates, five per cent and any principal. One exact rate
    of different round principals leaves less to chance than ten such payees do: prices that are rebated are not round, and equal
    sums given to all are no rate of different ones. What is public is said by the payers, not by how many were paid already.

    Four at one rate are enough where they are half of those paid back, whomever else the account pays: who raises money on his own
    account lives on it too, and some terms bring another rate. But then the public must be bringing money: a family that lends
    to one of its own, who pays it back as agreed, is not joined by fifteen new lenders within a month (look-alike L24).

    Two are enough where what comes in looks like deposits: fifteen within a month, two thirds of them round, of five different sums
    and more, none of which is the usual one. That two of three first payments back stand at one rate of different sums is
    chance in a few of a hundred accounts that pay so; one that takes in so much besides is none of those.
    """

    key: str = "returns_at_one_rate@1"
    family: str = "payout"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_payees: int = 3
    least_principals: int = 2
    least_share: float = 0.75
    two_payees: int = 2
    two_share: float = 0.66
    two_deposits_round: float = 0.66
    two_kinds: int = 5
    two_mode_share: float = 0.5
    many_payees: int = 4
    many_share: float = 0.5
    least_payers: int = 15
    least_joined_since: int = 3

    @property
    def _fewest(self) -> int:
        """Payees at one rate below which nothing is said."""
        return min(self.two_payees, self.least_payees, self.many_payees)

    def _two(self, rows: EvaluationRows, on: Any) -> Any:
        """Where two are enough, for what is paid in looks like deposits."""
        core, count = rows.core, rows.core["deposits"]
        chosen = (core["deposit_kinds"] >= self.two_kinds) & (core["deposit_mode"] <= self.two_mode_share * count)
        even = share(core["deposits_round"], count) >= self.two_deposits_round
        return (core["at_one_rate"] >= self.two_payees) & (on >= self.two_share) & (count >= self.least_payers) & chosen & even

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.w90["returnees"] >= self._fewest) & (rows.w90["payers"] >= self.least_payers)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["at_one_rate"] >= self._fewest

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of the payouts at the one rate."""
        core, w = rows.core, rows.w90
        on = share(core["at_one_rate"], core["ratios"])
        goes_on = core["joined_since"] + core["returned_twice"] >= self.least_joined_since
        few = (core["at_one_rate"] >= self.least_payees) & (on >= self.least_share) & (2 * core["returns"] >= w["payees"])
        joining = core["deposits"] >= self.least_payers
        many = (core["at_one_rate"] >= self.many_payees) & (on >= self.many_share) & joining
        two = self._two(rows, on)
        fired = (
            (few | many | two)
            & (core["round_principals"] >= self.least_principals)
            & (w["payers"] >= self.least_payers)
            & goes_on
            & ~given_back_at_once(rows)
            & ~are_rebates(rows)
        )
        return Findings.where(
            fired,
            value=on,
            threshold=np.where(few, self.least_share, np.where(two, self.two_share, self.many_share)),
            strength=np.minimum(np.maximum(ramp(core["at_one_rate"], self.least_payees, 10), 0.5), ramp(on, 0.5, 1.0)),
            coverage=rows.known_share,
            evaluable=core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with payees, principals and payers."""
        core, w, on, line = rows.core[k], rows.w90[k], percent(float(findings.value[k])), percent(float(findings.threshold[k]))
        return (
            f"按同一比例返还：{int(core['ratios'])}名收回款项者中{int(core['at_one_rate'])}名（{on}，参考线{line}）的返还"
            f"与其本金之比相同（误差1%以内），本金为{int(core['round_principals'])}种整数金额；90日内付款人{int(w['payers'])}名，首次返还后又有"
            f"{int(core['joined_since'])}名新付款人。",
            f"Returns at one rate: {int(core['at_one_rate'])} of {int(core['ratios'])} payees who had paid in ({on}, reference "
            f"{line}) last received the same rate of their principal within 1%, which was {int(core['round_principals'])} "
            f"different round sums; {int(w['payers'])} payers within 90 days, and {int(core['joined_since'])} new since the first return.",
        )


TYPOLOGY = ReturnsAtOneRate()
