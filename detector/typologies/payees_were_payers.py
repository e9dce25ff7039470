"""Payees were payers: money goes back to those who had paid in before, 借新还旧 (regulation.md F06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from detector.features.layout import TAG_RETURN
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan
from detector.legal_scale import LEGAL_PERSONS
from detector.returning import are_rebates, given_back_at_once, in_proportion, most_turns_are_served

_PERSON: Final = HOLDER_KINDS.index("person") + 1
LEAST_PERSON_SHARE: Final = 0.8
LEAST_GOING_BACK: Final = 0.6
"""As of a strong finding, whose outflow is six tenths of the inflow and more (regulation §2.1 F06)."""


@dataclass(frozen=True, slots=True)
class PayeesWerePayers:
    """Share of the 90-day payees that had paid in before they were first paid; exact refunds are no payees here.

    Nor are payees who were paid more than three times what they ever paid in, or more than half and not all of it back once: the
    first sell, the others are given back what was not used (walk.is_return). And payments stand in some proportion to what
    each had paid in, as a co-operative's for grain do not (returning.in_proportion). Of 150 persons and more, nearly all of whose
    money it is, neither is asked, as long as it goes back to them: whoever is paid many times what he
    brought, as who takes the pot of a great lending circle (会, 法释 2022 art. 2), is paid of what the others brought.

    The best separator there is: wages, dividends, benefits and trade pay people who never paid in. Strong where also most of
    the money goes back that way and within a year as much goes out as comes in.
    """

    key: str = "payees_were_payers@1"
    family: str = "payout"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_share: float = 0.5
    least_payees: int = 15
    strong_value_share: float = 0.7
    strong_flow_from: float = 0.6
    strong_flow_to: float = 1.1

    def strong(self, rows: EvaluationRows) -> np.ndarray:
        """Where the pattern is strong (regulation §2.1 F06): it may then confirm together with legal scale."""
        back = np.where(_is_a_circle(rows), rows.core["paid_to_payers"], rows.core["paid_to_returnees"])
        value = share(back, rows.core["paid_to_walked"])
        flow = share(rows.core["year_debited"], rows.core["year_credited"])
        hit: np.ndarray = (
            (value >= self.strong_value_share)
            & (flow >= self.strong_flow_from)
            & (flow <= self.strong_flow_to)
            & (rows.w90["payees"] >= self.least_payees)
        )
        return hit

    def _returnees(self, rows: EvaluationRows) -> Any:
        """Payees within 90 days who were paid back; of a hub that is not walked, and of the public's money, all who had paid in."""
        picked = (rows.core["walked"] > 0) & ~_is_a_circle(rows)
        return np.where(picked, rows.core["returns"], rows.w90["returnees"])

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire: payees enough, and money that may have gone back to who had paid in."""
        payees, returnees = rows.w90["payees"], rows.w90["returnees"]
        plain, flow = share(returnees, payees) >= self.least_share, share(rows.core["year_debited"], rows.core["year_credited"])
        even = (
            ((returnees > 0) | (self.strong_value_share <= 0)) & (flow >= self.strong_flow_from) & (flow <= self.strong_flow_to)
        )
        return (payees >= self.least_payees) & (plain | even)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        plain = share(rows.w90["returnees"], rows.w90["payees"]) >= self.least_share
        return (plain & (rows.w90["payees"] >= self.least_payees)) | self.strong(rows)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of payees that were payers, by number."""
        ratio = share(self._returnees(rows), rows.w90["payees"])
        enough = rows.w90["payees"] >= self.least_payees
        plain = (
            enough
            & (ratio >= self.least_share)
            & (in_proportion(rows) | _is_public(rows) | _is_a_circle(rows))
            & ~are_rebates(rows)
        )
        return Findings.where(
            (plain | self.strong(rows)) & ~given_back_at_once(rows),
            value=ratio,
            threshold=self.least_share,
            strength=np.where(self.strong(rows), 1.0, ramp(ratio, self.least_share, 1.0)),
            coverage=rows.known_share,
            evaluable=rows.core["credits_known"] > 0,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the numbers of persons and the money returned."""
        w, ratio = rows.w90[k], percent(float(findings.value[k]))
        returnees = int(self._returnees(rows)[k])
        back = yuan(rows.core["returned"][k])
        return (
            f"收款人即付款人（疑似借新还旧）：90日内{int(w['payees'])}名收款人中有{returnees}名此前向本账户付过款，"
            f"占{ratio}（参考线{percent(self.least_share)}），累计返还{back}元，原额退款不计。",
            f"Payees were payers: of {int(w['payees'])} payees within 90 days {returnees} had paid in before, {ratio} "
            f"(reference {percent(self.least_share)}); {back} yuan returned to them in all, exact refunds left out.",
        )


def _of_many(rows: EvaluationRows) -> Any:
    """Where persons beyond the statutory line bring the money, typically 1,000 yuan and more."""
    core = rows.core
    persons = share(core["credited_by_persons"], core["credited"]) >= LEAST_PERSON_SHARE
    large = 2 * rows.w90["at_marks"][:, 0] >= rows.w90["credits"]
    return (core["payers"] >= LEGAL_PERSONS[0]) & persons & large


def _is_public(rows: EvaluationRows) -> Any:
    """The same, and those whose turn has come are paid of it. Hobbyists who buy of a dealer and sell to him bring less."""
    return _of_many(rows) & most_turns_are_served(rows)


def _is_a_circle(rows: EvaluationRows) -> Any:
    """Where it is a private person's account and goes back to them: turns are served, or six tenths of it are with who paid in, where
    a dealer's customers get little back; or the holder's name or scope asks for a licence (合作社, 互助: 条例 737 art. 19).

    Where nobody says whose account it is, a village whose tenant counts as a person, and whose members pay fees, looks so too.
    """
    core = rows.core
    private = core["holder_kind"] == _PERSON
    goes_back = share(core["paid_to_payers"], core["credited_by_persons"]) >= LEAST_GOING_BACK
    named = (core["sensitive"] > 0) & (core["licence"] == 0)
    return _of_many(rows) & ((private & (most_turns_are_served(rows) | goes_back)) | named)


TYPOLOGY = PayeesWerePayers()
