"""Dispersed in, concentrated out: many persons pay one account (regulation.md F01; Order 2006/2 art. 11(1) by name)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from detector.features.layout import MARKS_MINOR, TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan
from detector.legal_scale import LEGAL_MONEY_MINOR, LEGAL_PERSONS

_PERSON: Final = HOLDER_KINDS.index("person") + 1


@dataclass(frozen=True, slots=True)
class DispersedInConcentratedOut:
    """Three ways in: flow-through (A), the published static rule (B) and the collection phase before any payout (C).

    And a private person to whom 150 persons and more bring 1 m yuan and more within 90 days, typically 1,000 yuan and more: both are
    lines from which taking the public's money is prosecuted (法释 2022 art. 3), and nobody has so many friends.

    No law gives the other numbers (the 2006 criteria were repealed in 2017): A and C are proposals, B a published rule.
    """

    key: str = "dispersed_in_concentrated_out@1"
    family: str = "structure"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_payers: int = 15
    most_payees: int = 3
    least_top3_share: float = 0.8
    flow_from: float = 0.8
    flow_to: float = 1.2
    least_inflow_minor: int = 20_000_000
    published_turnover_minor: int = 200_000_000
    published_credits: int = 15
    published_debits: int = 2
    collecting_payers_w30: int = 20
    collecting_payers_w90: int = 50
    collecting_inflow_w90_minor: int = 100_000_000
    least_person_share: float = 0.8

    def _flows(self, window: Any) -> Any:
        """Where many pay in, few are paid and as much goes out as comes in, to whomever the most of it goes."""
        flow = share(window["debited"], window["credited"])
        return (
            (window["payers"] >= self.least_payers)
            & (window["payees"] <= self.most_payees)
            & (flow >= self.flow_from)
            & (flow <= self.flow_to)
            & (window["credited"] >= self.least_inflow_minor)
        )

    def _flow_through(self, rows: EvaluationRows) -> Any:
        short = self._flows(rows.w10) & (rows.core["top3_out_w10"] >= self.least_top3_share)
        return short | (self._flows(rows.w30) & (rows.core["top3_out_w30"] >= self.least_top3_share))

    def _published(self, rows: EvaluationRows) -> np.ndarray:
        w = rows.w30
        hit: np.ndarray = (
            (w["credited"] + w["debited"] >= self.published_turnover_minor)
            & (w["credits"] >= self.published_credits)
            & (w["debits"] <= self.published_debits)
        )
        return hit

    def _collecting(self, rows: EvaluationRows) -> np.ndarray:
        # "Median credit at least 5,000" is "at least half of the credits are at the second mark", exact without a sketch.
        large = 2 * rows.w90["at_marks"][:, len(MARKS_MINOR) - 1] >= rows.w90["credits"]
        large10 = 2 * rows.w10["at_marks"][:, len(MARKS_MINOR) - 1] >= rows.w10["credits"]
        early = (
            large10
            & (rows.w10["new_payers"] >= self.least_payers)
            & (rows.w10["credited"] >= self.least_inflow_minor)
            & (share(rows.w10["credited_by_persons"], rows.w10["credited"]) >= self.least_person_share)
        )
        large30 = 2 * rows.w30["at_marks"][:, len(MARKS_MINOR) - 1] >= rows.w30["credits"]
        steady = (
            large30
            & (rows.w30["new_payers"] >= self.collecting_payers_w30)
            & (rows.w30["credited"] >= self.least_inflow_minor)
            & (share(rows.w30["credited_by_persons"], rows.w30["credited"]) >= self.least_person_share)
        )
        grown = (
            (large | self._large_to_a_person(rows))
            & (rows.w90["payers"] >= self.collecting_payers_w90)
            & (rows.w90["credited"] >= self.collecting_inflow_w90_minor)
            & (share(rows.w90["credited_by_persons"], rows.w90["credited"]) >= self.least_person_share)
        )
        hit: np.ndarray = early | steady | grown | self._at_the_law_s_lines(rows)
        return hit

    def _at_the_law_s_lines(self, rows: EvaluationRows) -> Any:
        w = rows.w90
        persons = share(w["credited_by_persons"], w["credited"]) >= self.least_person_share
        many = (w["payers"] >= LEGAL_PERSONS[0]) & (w["credited_by_persons"] >= LEGAL_MONEY_MINOR[0])
        return many & persons & (2 * w["at_marks"][:, 0] >= w["credits"]) & (rows.core["holder_kind"] == _PERSON)

    def _large_to_a_person(self, rows: EvaluationRows) -> Any:
        """The same of 90 days for a private person, of credits of 1,000 yuan and more alone: he lives on the account as well."""
        marks = rows.w90["at_marks"]
        many = (marks[:, 0] >= self.collecting_payers_w90) & (2 * marks[:, len(MARKS_MINOR) - 1] >= marks[:, 0])
        return many & (rows.core["holder_kind"] == _PERSON)

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return self._flows(rows.w10) | self._flows(rows.w30) | self._published(rows) | self._collecting(rows)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: distinct payers within 30 days (90 where only the longer window shows it)."""
        published = self._published(rows)
        fired = self._flow_through(rows) | published | self._collecting(rows)
        payers = np.where(rows.w30["payers"] >= self.least_payers, rows.w30["payers"], rows.w90["payers"].astype(np.int64))
        return Findings.where(
            fired,
            value=payers,
            threshold=self.least_payers,
            strength=ramp(payers, self.least_payers, 4 * self.least_payers),
            coverage=rows.known_share,
            # The published rule asks for no payer; without it an account none of whose payers is known cannot be judged.
            evaluable=(rows.core["credits_known"] > 0) | published,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with payers, inflow and where it went."""
        w, payers = rows.w90[k], int(findings.value[k])
        top = percent(float(rows.core["top3_out_w30"][k]))
        return (
            f"资金分散转入：近期有{payers}名付款人（参考线{self.least_payers}名），90日内转入{yuan(w['credited'])}元，"
            f"转出{yuan(w['debited'])}元，收款方{int(w['payees'])}名自然人，前三名占转出{top}。",
            f"Many payers into one account: {payers} lately (reference {self.least_payers}), {yuan(w['credited'])} yuan in "
            f"and {yuan(w['debited'])} yuan out within 90 days, {int(w['payees'])} natural-person payees, "
            f"the top three taking {top} of what went out.",
        )


TYPOLOGY = DispersedInConcentratedOut()
