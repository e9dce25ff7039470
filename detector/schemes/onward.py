"""Private accounts that hand on to the same holders and pay back each other's payers, though no money runs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.joining import distinct, matrix_of
from detector.schemes.picture import NOBODY, Picture
from detector.schemes.relays import HANDED_TO, HUB_SHARE, LEAST_TIMES, MOST_BACK
from detector.schemes.returns import paid_before_paid

LEAST_PAYERS: Final = 5
LEAST_TAKEN_MINOR: Final = 1_000_000
"""Fewer, or less money, are a family that pays one landlord and each other's friends."""
TAKEN_SHARE: Final = 0.1
"""Of what persons brought each common holder takes at least a tenth: so an account has ten of them at most, and who buys at
the same stall is not meant."""
LEAST_BACK: Final = 5
LEAST_BROUGHT_MINOR: Final = 50_000
LIFT: Final = 3.0
"""Over all that hand on to one holder five persons who brought 500 yuan are paid back by another, as in webs.py: friends share
bills, and among the customers of one stall some pay each other by chance."""


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
        """All of a day; only accounts with an onward holder in common are asked for persons, so no hub is compared with all."""
        account, party, times = _common(picture)
        able = np.zeros(len(picture.accounts), np.bool_)
        able[account] = True
        a, b, count = _crossed(picture, able)
        pair, common, least = _shared(a, b, account, party, times)
        again = np.bincount(pair, least, minlength=len(a)) >= LEAST_TIMES
        good = np.unique(pair[again[pair] & _beyond_chance(picture, account, party, common, count[pair])[common]])
        return cls(a[good], b[good])

    def among(self, accounts: Any) -> Any:
        """Matrix over ``accounts`` (in order): whether the row's and the column's hand on together."""
        found = matrix_of(self.into, self.out_of, accounts)
        return found | found.T


def _common(picture: Picture) -> tuple[Any, Any, Any]:
    """Collecting private accounts in order, private holders to whom they and others hand on (numbers), and how often."""
    rows, of = picture.rows, picture.of
    if not len(of):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    private = np.array([one.holder_kind in (None, "person") for one in picture.accounts], np.bool_)
    takes = private & (picture.account_payers >= LEAST_PAYERS) & (picture.account_in >= LEAST_TAKEN_MINOR)
    takes &= ~picture.in_trade[picture.node]
    took, paid = picture.account_in[of], rows["paid_out"]
    at = np.flatnonzero(
        picture.person
        & takes[of]
        & (rows["debits"] > 0)
        & (paid >= TAKEN_SHARE * took)
        & (paid <= HANDED_TO * took)
        & (rows["paid_in"] <= MOST_BACK * paid)
    )
    at = at[_are_hubs(picture, at)]
    _, party = np.unique(picture.party[at], return_inverse=True)
    # One holder may be paid under several names.
    key, place = np.unique(of[at] * max(len(at), 1) + party, return_inverse=True)
    times = np.bincount(place, rows["debits"][at].astype(np.float64), minlength=len(key))
    account, party = np.divmod(key, max(len(at), 1))
    common = distinct(party, picture.node[account], len(at))[party] >= 2
    return account[common], party[common], times[common]


def _are_hubs(picture: Picture, at: Any) -> Any:
    """Of the records ``at`` (who is paid) those of holders to whom such accounts bring a good part of what persons do.

    Who takes most of it from others is the collector of another scheme, and these are some of its payers, who have friends.
    """
    party = picture.party[at]
    number = picture.number_of(party)
    brought = np.bincount(party, picture.rows["paid_out"][at].astype(np.float64))[party] if len(at) else np.zeros(0)
    taken = np.where(number == NOBODY, 0.0, picture.persons_in[np.maximum(number, 0)]) if len(at) else np.zeros(0)
    found: Any = brought >= HUB_SHARE * taken
    return found


def _crossed(picture: Picture, able: Any) -> tuple[Any, Any, Any]:
    """Pairs of ``able`` accounts of different holders of whom the second pays back payers of the first, and how many."""
    rows, of, accounts = picture.rows, picture.of, len(picture.accounts)
    here = picture.person & able[of] if len(of) else np.zeros(0, np.bool_)
    into = np.flatnonzero(here & (rows["credits"] > 0) & (rows["paid_in"] >= LEAST_BROUGHT_MINOR))
    out = np.flatnonzero(here & (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0))
    a, b = paid_before_paid(picture, into, out)
    apart = picture.node[of[a]] != picture.node[of[b]]
    key, count = np.unique(of[a[apart]] * accounts + of[b[apart]], return_counts=True)
    a, b = np.divmod(key, max(accounts, 1))
    return a, b, count


def _shared(a: Any, b: Any, account: Any, party: Any, times: Any) -> tuple[Any, Any, Any]:
    """Places of pairs with each ``party`` (ten an account at most) to whom both hand on, and the fewer ``times`` of either."""
    nothing = np.zeros(0, np.int64)
    if not len(a) or not len(account):
        return nothing, nothing, nothing
    wide = int(party.max()) + 1
    known = account * wide + party
    low = np.searchsorted(account, a, "left")
    many = np.searchsorted(account, a, "right") - low
    ends = np.cumsum(many)
    place = np.arange(ends[-1]) - np.repeat(ends - many, many) + np.repeat(low, many)
    pair = np.repeat(np.arange(len(a)), many)
    wanted = b[pair] * wide + party[place]
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    here = known[at] == wanted
    return pair[here], party[place[here]], np.minimum(times[place[here]], times[at[here]])


def _beyond_chance(picture: Picture, account: Any, party: Any, common: Any, count: Any) -> Any:
    """By party whether of the payers of those who hand on to it enough are paid by another of these (``count`` a pair)."""
    if not len(party):
        return np.zeros(0, np.bool_)
    wide = int(party.max()) + 1
    payers, payees = picture.account_payers[account].astype(np.float64), picture.account_payees[account].astype(np.float64)

    def summed(values: Any) -> Any:
        return np.bincount(party, values, minlength=wide)

    chance = (summed(payers) * summed(payees) - summed(payers * payees)) / max(picture.everybody, 1)
    back = np.bincount(common, count.astype(np.float64), minlength=wide)
    found: Any = (back >= LEAST_BACK) & (back >= LIFT * chance)
    return found
