"""Deposit taking: ever new persons bring round sums of their own choice to a holder without a licence (条例 737 art. 2, F11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES
from detector.features.layout import MARKS_MINOR, TAG_PERSON, UNITS_MINOR
from detector.findings import EvaluationRows, Findings, percent, ramp, share

_EXCEPTED: Final = tuple(HOLDER_KINDS.index(kind) + 1 for kind in ("public_body", "financial", "payment"))
_OWN_PURPOSE: Final = tuple(ACCOUNT_TYPES.index(kind) + 1 for kind in ("fund_collection", "escrow"))


@dataclass(frozen=True, slots=True)
class DepositTaking:
    """At least twenty-five persons who never paid before within 30 days, on many different days, typically 5,000 yuan and more, in
    multiples of 500, of at least five different such sums none of which is the usual one.

    Who sells has prices: few sums, or odd ones. Who is given presents gets them in a day or two, and small. Who borrows
    of relatives and friends for a flat has fewer of them. Round sums that each chooses for himself, from ever new persons, are deposits, and
    taking these from the public is what needs a licence: so it belongs beside scope mismatch, which knows firms alone.
    """

    key: str = "deposit_taking@1"
    family: str = "text"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_payers: int = 25
    least_new_share: float = 0.5
    least_person_share: float = 0.8
    least_round_share: float = 0.8
    least_unit_minor: int = 50_000
    least_kinds: int = 5
    most_mode_share: float = 0.5
    least_join_days: int = 6

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.w30["new_payers"] >= self.least_payers) & (rows.core["licence"] == 0)

    def _round(self, rows: EvaluationRows) -> Any:
        """Share of credits that are multiples of the smallest unit that counts."""
        unit = UNITS_MINOR.index(self.least_unit_minor) if self.least_unit_minor in UNITS_MINOR else 0
        return share(rows.w30["at_units"][:, unit], rows.w30["credits"])

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: persons who paid in for the first time within 30 days."""
        core, w = rows.core, rows.w30
        excepted = core["licence"] != 0
        for kind in _EXCEPTED:
            excepted |= core["holder_kind"] == kind
        for kind in _OWN_PURPOSE:
            excepted |= core["account_type"] == kind
        # Half of the credits at a mark or above: the median is at the mark or above.
        large = 2 * w["at_marks"][:, len(MARKS_MINOR) - 1] >= w["credits"]
        chosen = (core["ticket_kinds"] >= self.least_kinds) & (core["ticket_mode"] <= self.most_mode_share * core["tickets"])
        fired = (
            (w["new_payers"] >= self.least_payers)
            & (w["new_payers"] >= self.least_new_share * w["payers"])
            & (share(w["credited_by_persons"], w["credited"]) >= self.least_person_share)
            & large
            & (self._round(rows) >= self.least_round_share)
            & chosen
            & (core["join_days"] >= self.least_join_days)
            & ~excepted
        )
        return Findings.where(
            fired,
            value=w["new_payers"],
            threshold=self.least_payers,
            strength=ramp(w["new_payers"], self.least_payers, 4 * self.least_payers),
            coverage=rows.known_share,
            # Of a hub that is not walked, and of more payers than are counted, first payments are not known.
            evaluable=(core["credits_known"] > 0) & (core["tickets"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with who joined, on how many days, with how many sums."""
        core, joined, line = rows.core[k], int(findings.value[k]), self.least_payers
        even = percent(float(self._round(rows)[k]))
        return (
            f"疑似吸收存款：30日内{joined}名新付款人（参考线{line}名）在{int(core['join_days'])}个不同日期首次转入，{even}为"
            f"{self.least_unit_minor // 100}元的整数倍，首笔金额有{int(core['ticket_kinds'])}种整数，最常见者占"
            f"{percent(float(core['ticket_mode'] / max(int(core['tickets']), 1)))}；账户无金融牌照。",
            f"Deposit taking: {joined} persons paid in for the first time within 30 days (reference {line}), on "
            f"{int(core['join_days'])} different days, {even} of credits in multiples of {self.least_unit_minor // 100} yuan, their first "
            f"payments {int(core['ticket_kinds'])} different round sums of which the most frequent is "
            f"{percent(float(core['ticket_mode'] / max(int(core['tickets']), 1)))}; the holder has no licence.",
        )


TYPOLOGY = DepositTaking()
