"""Deposit taking: ever new persons bring round sums of their own choice to a holder without a licence (条例 737 art. 2, F11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES
from detector.features.layout import TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, ramp, share

_EXCEPTED: Final = tuple(HOLDER_KINDS.index(kind) + 1 for kind in ("public_body", "financial", "payment"))
_OWN_PURPOSE: Final = tuple(ACCOUNT_TYPES.index(kind) + 1 for kind in ("fund_collection", "escrow"))


@dataclass(frozen=True, slots=True)
class DepositTaking:
    """At least twenty-five persons who never paid before within 30 days, each with 1,000 yuan or more at first, on many different
    days, typically 5,000 yuan and more, in multiples of 500, of at least five different such sums none of which is the usual one.

    Who sells has prices: few sums, or odd ones. Who is given presents gets them in a day or two, and small. Who borrows
    of relatives and friends for a flat has fewer of them. Round sums that each chooses for himself, from ever new persons, are deposits, and
    taking these from the public is what needs a licence: so it belongs beside scope mismatch, which knows firms alone.

    What is below 1,000 yuan does not count, for nor against: a private person's account has friends who share a bill on it.
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
    least_kinds: int = 5
    most_mode_share: float = 0.5
    least_join_days: int = 6

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.w30["new_payers"] >= self.least_payers) & (rows.core["licence"] == 0)

    def _round(self, rows: EvaluationRows) -> Any:
        """Share of what new persons brought first that is round."""
        return share(rows.core["deposits_round"], rows.core["deposits"])

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["deposits"] >= self.least_payers

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: persons who first paid in within 30 days, and 1,000 yuan or more."""
        core, w = rows.core, rows.w30
        excepted = core["licence"] != 0
        for kind in _EXCEPTED:
            excepted |= core["holder_kind"] == kind
        for kind in _OWN_PURPOSE:
            excepted |= core["account_type"] == kind
        # Half of them at a mark or above: the median is at the mark or above.
        large = 2 * core["deposits_large"] >= core["deposits"]
        chosen = (core["deposit_kinds"] >= self.least_kinds) & (core["deposit_mode"] <= self.most_mode_share * core["deposits"])
        fired = (
            (core["deposits"] >= self.least_payers)
            & (w["new_payers"] >= self.least_new_share * w["payers"])
            & (share(w["credited_by_persons"], w["credited"]) >= self.least_person_share)
            & large
            & (self._round(rows) >= self.least_round_share)
            & chosen
            & (core["deposit_days"] >= self.least_join_days)
            & ~excepted
        )
        return Findings.where(
            fired,
            value=core["deposits"],
            threshold=self.least_payers,
            strength=ramp(core["deposits"], self.least_payers, 4 * self.least_payers),
            coverage=rows.known_share,
            # Of a hub that is not walked, and of more payers than are counted, first payments are not known.
            evaluable=(core["credits_known"] > 0) & (core["tickets"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with who joined, on how many days, with how many sums."""
        core, joined, line = rows.core[k], int(findings.value[k]), self.least_payers
        even = percent(float(self._round(rows)[k]))
        usual = percent(float(core["deposit_mode"] / max(int(core["deposits"]), 1)))
        return (
            f"疑似吸收存款：30日内{joined}名新付款人（参考线{line}名）在{int(core['deposit_days'])}个不同日期首次转入千元以上款项，首笔中{even}为"
            f"500元的整数倍，有{int(core['deposit_kinds'])}种整数金额，最常见者占{usual}；账户无金融牌照。",
            f"Deposit taking: {joined} persons paid in for the first time within 30 days (reference {line}), 1,000 yuan and more, on "
            f"{int(core['deposit_days'])} different days, {even} of these first payments in multiples of 500 yuan, "
            f"{int(core['deposit_kinds'])} different round sums of which the most frequent is {usual}; the holder has no licence.",
        )


TYPOLOGY = DepositTaking()
