"""Private accounts that hand on to the same holders and pay back each other's payers, though no money runs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.picture import Picture
from detector.schemes.relays import HANDED_TO, LEAST_TIMES, MOST_BACK
from detector.schemes.returns import paid_before_paid

LEAST_PAYERS: Final = 10
"""As who fills (filling.py): below that a family's accounts pay one landlord and each other's friends."""
LEAST_TAKEN_MINOR: Final = 1_000_000
TAKEN_SHARE: Final = 0.1
"""Of what persons brought each common holder takes at least a tenth: so an account has ten of them at most, and who buys at
the same stall is not meant."""
LEAST_BACK: Final = 3
LEAST_BROUGHT_MINOR: Final = 50_000
LIFT: Final = 3.0


@dataclass(frozen=True, slots=True)
class Onward:
    """Pairs of accounts (numbers in the picture) of different private holders: who paid ``into`` is paid by ``out_of``.

    Accounts that each collect in their time and pay from any give each other nothing; but all of them hand on to the same
    few, again and again. Customers of one stall, tenants of one landlord and drivers of one fleet do too, and nobody who
    paid one is paid by another, more often than chance has it.
    """

    into: Any
    out_of: Any

    @classmethod
    def of(cls, picture: Picture) -> Onward:
        """All of a day; about 10 ns a counterparty, and 50 ns for each of those of accounts with an onward holder in common."""
        account, party = _common(picture)
        able = np.zeros(len(picture.accounts), np.bool_)
        able[account] = True
        a, b = _crossed(picture, able)
        good = _share(a, b, account, party)
        return cls(a[good], b[good])

    def among(self, accounts: Any) -> Any:
        """Matrix over ``accounts`` (in order): whether the row's and the column's hand on together."""
        found = np.zeros((len(accounts), len(accounts)), np.bool_)
        if len(accounts) and len(self.into):
            row = np.minimum(np.searchsorted(accounts, self.into), len(accounts) - 1)
            column = np.minimum(np.searchsorted(accounts, self.out_of), len(accounts) - 1)
            here = (accounts[row] == self.into) & (accounts[column] == self.out_of)
            found[row[here], column[here]] = True
        return found | found.T


def _common(picture: Picture) -> tuple[Any, Any]:
    """Collecting private accounts and the private holders to whom they and another holder's hand on, as numbers."""
    rows, of = picture.rows, picture.of
    if not len(of):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    private = np.array([one.holder_kind in (None, "person") for one in picture.accounts], np.bool_)
    takes = private & (picture.account_payers >= LEAST_PAYERS) & (picture.account_in >= LEAST_TAKEN_MINOR)
    takes &= ~picture.in_trade[picture.node]
    took, paid = picture.account_in[of], rows["paid_out"]
    at = np.flatnonzero(
        picture.person
        & takes[of]
        & (rows["debits"] >= LEAST_TIMES)
        & (paid >= TAKEN_SHARE * took)
        & (paid <= HANDED_TO * took)
        & (rows["paid_in"] <= MOST_BACK * paid)
    )
    _, party = np.unique(picture.party[at], return_inverse=True)
    pairs = np.unique(np.stack([party, picture.node[of[at]]]), axis=1)
    common = np.bincount(pairs[0], minlength=len(at))[party] >= 2
    return of[at][common], party[common]


def _crossed(picture: Picture, able: Any) -> tuple[Any, Any]:
    """Pairs of ``able`` accounts of different holders of whom the second pays back enough of the first one's payers."""
    rows, of, accounts = picture.rows, picture.of, len(picture.accounts)
    here = picture.person & able[of] if len(of) else np.zeros(0, np.bool_)
    into = np.flatnonzero(here & (rows["credits"] > 0) & (rows["paid_in"] >= LEAST_BROUGHT_MINOR))
    out = np.flatnonzero(here & (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0))
    a, b = paid_before_paid(picture, into, out)
    apart = picture.node[of[a]] != picture.node[of[b]]
    key, count = np.unique(of[a[apart]] * accounts + of[b[apart]], return_counts=True)
    a, b = np.divmod(key, max(accounts, 1))
    chance = picture.account_payers[a] * picture.account_payees[b] / max(picture.everybody, 1)
    good = (count >= LEAST_BACK) & (count >= LIFT * chance)
    return a[good], b[good]


def _share(a: Any, b: Any, account: Any, party: Any) -> Any:
    """Whether both of each pair hand on to one of ``party`` (beside ``account``, ten an account at most)."""
    if not len(a) or not len(account):
        return np.zeros(len(a), np.bool_)
    order = np.argsort(account, kind="stable")
    account, party = account[order], party[order]
    wide = int(party.max()) + 1
    known = np.sort(account * wide + party)
    low = np.searchsorted(account, a, "left")
    many = np.searchsorted(account, a, "right") - low
    ends = np.cumsum(many)
    place = np.arange(ends[-1]) - np.repeat(ends - many, many) + np.repeat(low, many)
    pair = np.repeat(np.arange(len(a)), many)
    wanted = b[pair] * wide + party[place]
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found = np.zeros(len(a), np.bool_)
    found[pair[known[at] == wanted]] = True
    return found
