"""Deposit taking: ever new persons bring round sums of their own choice to a holder without a licence (条例 737 art. 2, F11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES
from detector.features.layout import INDUSTRY_CONSUMER, MARKS_MINOR, TAG_PERSON, UNITS_MINOR
from detector.findings import EvaluationRows, Findings, from_persons, percent, ramp, share

_HALF_THOUSANDS: Final = UNITS_MINOR.index(50_000)
_EXCEPTED: Final = tuple(HOLDER_KINDS.index(kind) + 1 for kind in ("public_body", "financial", "payment"))
_COMPANY: Final = HOLDER_KINDS.index("company") + 1
_OWN_PURPOSE: Final = tuple(ACCOUNT_TYPES.index(kind) + 1 for kind in ("fund_collection", "escrow"))


@dataclass(frozen=True, slots=True)
class DepositTaking:
    """At least twenty-five persons who never paid before within 30 days, with 1,000 yuan or more at first, on many different days,
    typically 5,000 yuan and more, in multiples of 500, of at least five different such sums none of which is the usual one.

    Who sells has prices: few sums, or odd ones. Who is given presents gets them in a day or two, and small. Who borrows
    of relatives and friends for a flat has fewer of them. Round sums that each chooses for himself, from ever new persons, are deposits, and
    taking these from the public is what needs a licence: so it belongs beside scope mismatch, which knows firms alone.

    Relatives lend to a person, not to a firm: of a firm fifteen are enough, and two thirds of the sums, as it may have trade besides.
    But not where its trade is with households: who decorates homes or plans weddings is paid in round stages by ever new persons.

    What is below 1,000 yuan does not count against it: a private person's account has friends who share a bill on it. Nor does it
    count for it: twenty-four lenders and a friend are not twenty-five. All that comes in, what comes again included, may be as
    large and as round as that instead of what came first.

    A firm that hands deposits back is no taker of them: those who bid, draw lots or queue for a flat and get none are repaid to
    the fen within days (look-alike L30), and who takes money to work with it cannot. Ten and 15 % of those who brought any,
    because the winners pay their balance while the others are still being repaid, and what the bank books as a refund is no
    payment here; sums of a third of the mean at least, so that friends who come and go with a thousand hide nothing; and of the
    others hardly anybody is paid, as principal with interest is, in one payment or in two.
    """

    key: str = "deposit_taking@1"
    family: str = "text"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_payers: int = 25
    least_payers_of_firm: int = 15
    least_new_share: float = 0.5
    least_person_share: float = 0.8
    least_round_share: float = 0.8
    least_round_share_of_firm: float = 0.66
    least_kinds: int = 5
    most_mode_share: float = 0.5
    least_join_days: int = 6
    least_back: int = 10
    least_back_share: float = 0.15
    least_back_size: float = 0.33
    most_served_share: float = 0.1

    def _least(self, rows: EvaluationRows) -> Any:
        """How many must have come, by who takes the money."""
        return np.where(_sells_to_no_household(rows), self.least_payers_of_firm, self.least_payers)

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        return (rows.w30["new_payers"] >= self._least(rows)) & (rows.core["licence"] == 0)

    def _among_large(self, rows: EvaluationRows) -> Any:
        """Where first payments of 1,000 yuan and more are so many, large, round, different and spread over days."""
        core = rows.core
        line = np.where(_sells_to_no_household(rows), self.least_round_share_of_firm, self.least_round_share)
        even = share(core["deposits_round"], core["deposits"]) >= line
        # Half of them at a mark or above: the median is at the mark or above.
        large = 2 * core["deposits_large"] >= core["deposits"]
        chosen = (core["deposit_kinds"] >= self.least_kinds) & (core["deposit_mode"] <= self.most_mode_share * core["deposits"])
        many = (core["deposits"] >= self._least(rows)) & (core["deposit_days"] >= self.least_join_days)
        return many & large & even & chosen

    def _among_all(self, rows: EvaluationRows) -> Any:
        """Where all that comes in is so, what comes again included."""
        core, w = rows.core, rows.w30
        even = share(w["at_units"][:, _HALF_THOUSANDS], w["credits"]) >= self.least_round_share
        large = 2 * w["at_marks"][:, len(MARKS_MINOR) - 1] >= w["credits"]
        chosen = (core["ticket_kinds"] >= self.least_kinds) & (core["ticket_mode"] <= self.most_mode_share * core["tickets"])
        many = (
            (core["deposits"] >= self._least(rows))
            & (core["join_days"] >= self.least_join_days)
            & (core["deposit_days"] >= self.least_join_days)
        )
        return many & large & even & chosen

    def _handed_back(self, rows: EvaluationRows) -> Any:
        """Where a firm's deposits of the last 30 days are being handed back as they were."""
        core = rows.core
        back = core["deposits_back"]
        many = (core["holder_kind"] == _COMPANY) & (back >= self.least_back) & (back >= self.least_back_share * core["deposits"])
        large = share(core["deposit_money_back"], back) >= self.least_back_size * share(core["deposit_money"], core["deposits"])
        served = np.maximum(core["deposits_served"], core["returns"])
        return many & large & (served <= self.most_served_share * back)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: persons who first paid in within 30 days, those with less than 1,000 yuan left out unless all is large."""
        core, w = rows.core, rows.w30
        excepted = core["licence"] != 0
        for kind in _EXCEPTED:
            excepted |= core["holder_kind"] == kind
        for kind in _OWN_PURPOSE:
            excepted |= core["account_type"] == kind
        among_large = self._among_large(rows)
        fired = (
            (among_large | self._among_all(rows))
            & (w["new_payers"] >= self.least_new_share * w["payers"])
            & (from_persons(w) >= self.least_person_share)
            & ~excepted
            & ~self._handed_back(rows)
        )
        joined, least = np.where(among_large, core["deposits"], w["new_payers"]), self._least(rows)
        return Findings.where(
            fired,
            value=joined,
            threshold=least,
            strength=ramp(joined, least, 4 * least),
            coverage=rows.known_share,
            # Of a hub that is not walked, and of more payers than are counted, first payments are not known.
            evaluable=(core["credits_known"] > 0) & (core["tickets"] > 0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with who joined, on how many days, with how many sums."""
        core, joined, line = rows.core[k], int(findings.value[k]), int(findings.threshold[k])
        if self._among_large(rows.only(np.array([k])))[0]:
            days, kinds, mode, count = (int(core[f"deposit{name}"]) for name in ("_days", "_kinds", "_mode", "s"))
            even, zh, en = percent(float(share(core["deposits_round"], count))), "千元以上", ", 1,000 yuan and more"
        else:
            days, kinds, mode, count = (int(core[name]) for name in ("join_days", "ticket_kinds", "ticket_mode", "tickets"))
            even, zh, en = percent(float(share(rows.w30["at_units"][k, _HALF_THOUSANDS], rows.w30["credits"][k]))), "", ""
        usual = percent(mode / max(count, 1))
        return (
            f"疑似吸收存款：30日内{joined}名新付款人（参考线{line}名）在{days}个不同日期首次转入{zh}款项，{even}为500元的整数倍，首笔金额有"
            f"{kinds}种整数，最常见者占{usual}；账户无金融牌照。",
            f"Deposit taking: {joined} persons paid in for the first time within 30 days (reference {line}){en}, on {days} different "
            f"days, {even} in multiples of 500 yuan, their first payments {kinds} different round sums of which the most frequent is "
            f"{usual}; the holder has no licence.",
        )


def _sells_to_no_household(rows: EvaluationRows) -> Any:
    return (rows.core["holder_kind"] == _COMPANY) & (rows.core["industry"] != INDUSTRY_CONSUMER)


TYPOLOGY = DepositTaking()
