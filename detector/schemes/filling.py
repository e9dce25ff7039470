"""Who fills the account from which his payers are paid back: one takes, another one's account pays (regulation §2.0 recip)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.flows import Flows
from detector.schemes.picture import Picture
from detector.schemes.returns import paid_before_paid

LEAST_PAYERS: Final = 10
LEAST_BACK: Final = 3
FILLED_SHARE: Final = 0.5
"""At least half of what the other pays the collector's payers came from the collector."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Pairs of accounts of different holders (numbers in the picture): who collects and fills, and who pays the payers back.

    What the other one lives on besides does not matter here: not how much he pays whom, but what he pays the collector's payers.
    """

    collector: Any
    outlet: Any

    @classmethod
    def of(cls, picture: Picture, flows: Flows) -> Filling:
        """All of a day."""
        rows, accounts = picture.rows, len(picture.accounts)
        takes = (picture.account_payers >= LEAST_PAYERS) & ~picture.in_trade[picture.node]
        filled = np.zeros(len(picture.holders), np.bool_)
        from_node, to_node = np.divmod(flows.inside, max(len(picture.holders), 1))
        collects = np.zeros(len(picture.holders), np.bool_)
        collects[picture.node[takes]] = True
        filled[to_node[collects[from_node]]] = True
        pays = filled[picture.node] & (picture.account_payees >= LEAST_BACK) & ~picture.in_trade[picture.node]
        into = np.flatnonzero(picture.person & takes[picture.of] & (rows["credits"] > 0))
        out = np.flatnonzero(picture.person & pays[picture.of] & (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0))
        a, b = paid_before_paid(picture, into, out)
        after = picture.node[picture.of[a]] != picture.node[picture.of[b]]
        a, b = a[after], b[after]
        key, pair, count = np.unique(picture.of[a] * accounts + picture.of[b], return_inverse=True, return_counts=True)
        back = np.bincount(pair, rows["paid_out"][b].astype(np.float64), minlength=len(key))
        collector, outlet = np.divmod(key, max(accounts, 1))
        money = flows.each(picture.node[collector], picture.node[outlet])
        several = count >= LEAST_BACK
        good = several & (
            (money >= FILLED_SHARE * back) | _by_all(picture, b[several[pair]], outlet, np.where(several, money, 0.0))
        )
        return cls(collector[good], outlet[good])

    def among(self, accounts: Any) -> Any:
        """Matrix over ``accounts`` (in order): whether the row's account fills the column's."""
        found = np.zeros((len(accounts), len(accounts)), np.bool_)
        if len(accounts):
            row = np.minimum(np.searchsorted(accounts, self.collector), len(accounts) - 1)
            column = np.minimum(np.searchsorted(accounts, self.outlet), len(accounts) - 1)
            here = (accounts[row] == self.collector) & (accounts[column] == self.outlet)
            found[row[here], column[here]] = True
        return found


def _by_all(picture: Picture, back: Any, outlet: Any, money: Any) -> Any:
    """Of pairs with ``money`` those of whose outlet all its collectors together fill half of what it pays their payers.

    ``back`` are the outlet's records of these: of who paid several collectors one, and he is paid once.
    """
    accounts, once = len(picture.accounts), np.unique(back)
    paid = np.bincount(picture.of[once], picture.rows["paid_out"][once].astype(np.float64), minlength=accounts)
    got = np.bincount(outlet, money, minlength=accounts)
    found: Any = (money > 0) & (got >= FILLED_SHARE * paid)[outlet]
    return found
