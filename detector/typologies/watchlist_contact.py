"""Contact with the watch list: the holder, or who it deals with, has been found by an office (contract §2.3, §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.watchlist import KINDS
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan

_KINDS: Final = {
    "confirmed_subject": ("认定主体", "a confirmed subject"),
    "risk_enterprise": ("风险企业", "a risk enterprise"),
}


@dataclass(frozen=True, slots=True)
class WatchlistContact:
    """The holder is on the list, or a stated part of the account's money comes from or goes to subjects of the list.

    A listed subject shops and pays fees like anybody, so contact counts from a least sum and a least share of the
    account's money; one who paid in to a listed subject is more often its victim than its helper, and this finding alone
    is no flag. Counterparties are met by the pseudonym of their holder, else of their account, as the institution sends
    it. Both lines are engineering proposals (regulation §2.4 ``[ENG]``); the list itself is Order 737 art. 33.
    """

    key: str = "watchlist_contact@1"
    family: str = "network"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_moved_minor: int = 1_000_000
    least_share: float = 0.05
    full_share: float = 0.5

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        contact = rows.contact
        return (contact["holder"] > 0) | (contact["paid_in"] + contact["paid_out"] >= self.least_moved_minor)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of all money in and out that moved with listed subjects; 1 where the holder is one."""
        contact = rows.contact
        moved = contact["paid_in"] + contact["paid_out"]
        part = np.minimum(share(moved, contact["moved"]), 1.0)
        holder = contact["holder"] > 0
        deals = (moved >= self.least_moved_minor) & (part >= self.least_share)
        known = rows.known_share
        return Findings.where(
            holder | deals,
            value=np.where(holder, 1.0, part),
            threshold=self.least_share,
            strength=np.where(holder, 1.0, ramp(part, self.least_share, self.full_share)),
            coverage=np.where(holder, 1.0, known),
            evaluable=holder | (contact["parties"] > 0) | (known > 0),
        )

    def ended(self, rows: EvaluationRows) -> Any:
        """Where the finding is over at once: the list cleared the last of those who made it."""
        return rows.contact["cleared"] > 0

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences: who of the account is on the list, or how many it deals with, and with how much."""
        contact = rows.contact[k]
        if contact["holder"]:
            zh, en = _KINDS[KINDS[int(contact["holder"]) - 1]]
            return f"账户持有人为名单内{zh}。", f"The holder is {en} of the watch list."
        count, part = int(contact["parties"]), percent(float(findings.value[k]))
        paid_in, paid_out = yuan(contact["paid_in"]), yuan(contact["paid_out"])
        return (
            f"与名单内{count}名主体往来：转入{paid_in}元、转出{paid_out}元，占账户资金的{part}（线{percent(self.least_share)}）。",
            f"Deals with {count} subjects of the watch list: {paid_in} yuan in and {paid_out} yuan out, "
            f"{part} of the account's money (line {percent(self.least_share)}).",
        )


TYPOLOGY = WatchlistContact()
