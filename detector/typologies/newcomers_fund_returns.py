"""Newcomers fund returns: new persons keep coming, and earlier ones are paid again and again (借新还旧, regulation.md F06, F18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.features.layout import TAG_PERSON
from detector.findings import EvaluationRows, Findings, from_persons, ramp, yuan
from detector.returning import in_proportion, most_turns_are_served


@dataclass(frozen=True, slots=True)
class NewcomersFundReturns:
    """At least fifteen persons within 30 days who never paid before, on many different days, while at least three who had paid in
    earlier were paid back twice and more, and such payees are at least half of all.

    The shape of money in a Ponzi scheme, whatever the sums: the other structure findings ask for large ones, and students who bring
    a few hundred yuan each are seen by none. No shop pays its earlier customers, over and over, while new ones come;
    a fleet that drivers join with a deposit does, of what a platform sends (returning.most_turns_are_served).
    """

    key: str = "newcomers_fund_returns@1"
    family: str = "structure"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0, 1)
    least_new_payers: int = 15
    least_join_days: int = 6
    least_paid_again: int = 3
    least_return_share: float = 0.5
    least_person_share: float = 0.8

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.w30["new_payers"] >= self.least_new_payers) & (rows.w90["returnees"] >= self.least_paid_again)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["returned_twice"] >= self.least_paid_again

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: persons who paid in for the first time within 30 days."""
        core, w = rows.core, rows.w30
        fired = (
            (w["new_payers"] >= self.least_new_payers)
            & (core["join_days"] >= self.least_join_days)
            & (core["returned_twice"] >= self.least_paid_again)
            & (core["returns"] >= self.least_return_share * rows.w90["payees"])
            & in_proportion(rows)
            & most_turns_are_served(rows)
            & (from_persons(w) >= self.least_person_share)
        )
        return Findings.where(
            fired,
            value=w["new_payers"],
            threshold=self.least_new_payers,
            strength=ramp(w["new_payers"], self.least_new_payers, 4 * self.least_new_payers),
            coverage=rows.known_share,
            evaluable=core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with newcomers and who was paid again."""
        core, joined, line = rows.core[k], int(findings.value[k]), self.least_new_payers
        again, returns, back = int(core["returned_twice"]), int(core["returns"]), yuan(core["returned"])
        return (
            f"新付款人支撑返还：30日内{joined}名新付款人（参考线{line}名）在{int(core['join_days'])}个不同日期加入，同时{returns}名此前的付款人收到返还，"
            f"其中{again}名收到两次以上，累计返还{back}元。",
            f"Newcomers fund returns: {joined} persons paid in for the first time within 30 days (reference {line}), on "
            f"{int(core['join_days'])} different days, while {returns} earlier payers were paid back, {again} of them twice and more; {back} "
            f"yuan returned in all.",
        )


TYPOLOGY = NewcomersFundReturns()
