"""Returns outnumber payments: payers are paid a rate of what they brought, oftener than they brought it (regulation.md F05, F06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import TAG_RETURN
from detector.findings import EvaluationRows, Findings, ramp, yuan
from detector.returning import in_proportion, most_turns_are_served


@dataclass(frozen=True, slots=True)
class ReturnsOutnumberPayments:
    """At least five persons were paid oftener than they paid in, each time a rate of it, and they are nearly all whom the account
    paid back more than once; half of its payees had paid in, fifteen persons pay in, and some of them came since the first return.

    Refunds, rebates and the settling of bills follow a payment each, so they never outnumber them; who sells or works is paid many
    times what he ever paid. What goes back again and again for one payment is its interest, at whatever intervals. It asks for no
    even gaps as periodic returns do, and for no one rate; but payments stand in proportion to principals, and where most of those
    had brought the same sum, for which any pay is in proportion, at one rate: drivers of a fleet have all left one deposit and are
    paid by the week. And most of the money whose turn has come must be of those who are paid (returning.most_turns_are_served).
    """

    key: str = "returns_outnumber_payments@1"
    family: str = "payout"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_payees: int = 5
    least_share_of_repeated: float = 0.75
    least_return_share: float = 0.5
    least_payers: int = 15
    least_joined_since: int = 3
    most_mode_share: float = 0.5
    least_one_rate_share: float = 0.5

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.w90["returnees"] >= self.least_payees) & (rows.w90["payers"] >= self.least_payers)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["returned_oftener"] >= self.least_payees

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: persons who were paid oftener than they paid in."""
        core, w, count = rows.core, rows.w90, rows.core["returned_oftener"]
        differ = core["oftener_mode"] <= self.most_mode_share * count
        alike = core["at_one_rate"] >= self.least_one_rate_share * core["ratios"]
        fired = (
            (count >= self.least_payees)
            & (count >= self.least_share_of_repeated * core["returned_twice"])
            & (core["returns"] >= self.least_return_share * w["payees"])
            & (w["payers"] >= self.least_payers)
            & (core["joined_since"] >= self.least_joined_since)
            & (differ | alike)
            & in_proportion(rows)
            & most_turns_are_served(rows)
        )
        return Findings.where(
            fired,
            value=count,
            threshold=self.least_payees,
            strength=ramp(count, self.least_payees, 3 * self.least_payees),
            coverage=rows.known_share,
            evaluable=core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with who is paid again and again, and who joined meanwhile."""
        core, count, payers = rows.core[k], int(findings.value[k]), int(rows.w90[k]["payers"])
        twice, since, back = int(core["returned_twice"]), int(core["joined_since"]), yuan(core["returned"])
        return (
            f"返还次数多于付款次数：{twice}名收到两次以上返还者中{count}名（参考线{self.least_payees}名）收款次数多于其付款次数，最近一次为其本金的一定比例，"
            f"累计返还{back}元；90日内付款人{payers}名，首次返还后又有{since}名新付款人。",
            f"Returns outnumber payments: {count} (reference {self.least_payees}) of {twice} payees paid back twice and more were paid "
            f"oftener than they had paid in, last by a rate of it; {back} yuan returned in all; {payers} payers within 90 days, "
            f"and {since} new payers since the first return.",
        )


TYPOLOGY = ReturnsOutnumberPayments()
