"""Accounts that hand persons' money on as it comes: lent accounts, staff's accounts, cards of a pyramid (regulation.md F15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.shanghai import DAY_MS
from detector.schemes.joining import distinct
from detector.schemes.picture import NOBODY, Picture

LEAST_SUM_MINOR: Final = 100_000
"""Whoever brought less than 1,000 yuan is a friend who shares a bill: who lends his account lives on it as well."""
LEAST_PERSONS: Final = 3
LEAST_TAKEN_MINOR: Final = 1_000_000
SMALLER: Final = 2
MANY_RELAYS: Final = 6
"""Half of either is enough where six hand on to one: entry fees are 998 yuan, and six such friends are no chance."""
HANDED_FROM: Final = 0.7
HANDED_TO: Final = 1.1
"""Of what came by the last time something was handed on; F15 says 0.85 to 1, of an account that does nothing else."""
LEAST_TIMES: Final = 2
OFTEN: Final = 0.4
MOST_OFTEN: Final = 2
PROBES: Final = 2
"""Handed on about as often as it came in: a customer of the same shop pays there in other portions. Two more may be trials."""
SOON_DAYS: Final = 3
MOST_BACK: Final = 0.2
WAGE_DAYS: Final = (25, 35)
WAGE_ALIKE: Final = 0.25
MOST_WAGES: Final = 2
"""Who pays alike sums month after month pays wages, a pension or rent, as long as no third does so: those are savers. Where
institutions do not tell kinds, an employer is no person all the same, and the premium that his staff pay each month hands
nothing on."""
LEAST_OF_KEYS_PAYERS: Final = 1 / 3
CUSTOMER: Final = 0.1
"""Of those who pay the one again and again so many are relays: an insurer, a shop, a lender has customers besides."""
LEAST_RELAYS: Final = 3
"""Three accounts of three holders that hand on to one are a pattern (regulation §2.1 F15), two are a couple."""
HUB_SHARE: Final = 0.3
"""Of what persons brought a hub of whom evidence was told the relays bring at least so much: customers of a school, an insurer
or a fund whom friends paid as much by chance are few of all."""


@dataclass(frozen=True, slots=True)
class Relays:
    """Accounts (numbers in the picture) that hand persons' money on, and the key of the holder to whom each does.

    In ordinary life some customers of a shop leave there as much as friends paid them; but not soon after it came, portion by
    portion, from the first time on. So each of these is asked, and three different holders who do so for one.
    """

    account: Any
    key: Any

    @classmethod
    def of(cls, picture: Picture) -> Relays:
        """All of a day; about 20 ns a counterparty and 2 µs for each account that pays somebody twice."""
        large, small = _handed_on(picture, 1), _handed_on(picture, SMALLER)
        stars = [_stars(picture, *large, LEAST_RELAYS), _stars(picture, *small, MANY_RELAYS)]
        both = np.unique(np.concatenate([np.stack([account, key], axis=1) for account, key in stars]), axis=0)
        return cls(both[:, 0], both[:, 1])

    def among(self, accounts: Any) -> tuple[Any, Any]:
        """Places in ``accounts`` (in order) of those that hand on, and to whose key."""
        place = np.minimum(np.searchsorted(accounts, self.account), max(len(accounts) - 1, 0))
        here = accounts[place] == self.account if len(accounts) else np.zeros(len(self.account), np.bool_)
        return place[here], self.key[here]


def _handed_on(picture: Picture, part: int) -> tuple[Any, Any, Any]:
    """Accounts that hand on to a key what came as sums of at least ``1 / part`` of the least, that key, and how much."""
    rows, of = picture.rows, picture.of
    brought = picture.person & (rows["paid_in"] >= LEAST_SUM_MINOR // part) & ~_is_wage(picture)
    least = LEAST_TAKEN_MINOR // part
    count = len(picture.accounts)
    persons = np.bincount(of[brought], minlength=count)
    taken = np.bincount(of[brought], rows["paid_in"][brought].astype(np.float64), minlength=count)
    private = np.array([one.holder_kind in (None, "person") for one in picture.accounts], np.bool_)
    able = private & (persons >= LEAST_PERSONS) & (taken >= least)
    paid = rows["paid_out"].astype(np.float64)
    at = np.flatnonzero(
        picture.other
        & able[of]
        & (rows["debits"] >= LEAST_TIMES)
        & (paid >= least * HANDED_FROM)
        & (paid <= HANDED_TO * taken[of])
        & (rows["paid_in"] <= MOST_BACK * paid)
    )
    at = at[_hands_on(picture, at, brought, least)]
    return of[at], picture.party[at], paid[at]


def _is_wage(picture: Picture) -> Any:
    """Records of who paid in alike sums at monthly intervals, at most two to an account."""
    rows = picture.rows
    again = rows["credits"] > 1
    gap = (rows["last_in_ms"] - rows["first_in_ms"]) / np.maximum(rows["credits"] - 1, 1) / DAY_MS
    mean, last = rows["paid_in"] / np.maximum(rows["credits"], 1), rows["last_credit"]
    alike = again & (gap >= WAGE_DAYS[0]) & (gap <= WAGE_DAYS[1]) & (np.abs(last - mean) <= WAGE_ALIKE * mean)
    found: Any = alike & (np.bincount(picture.of[alike], minlength=len(picture.accounts)) <= MOST_WAGES)[picture.of]
    return found


def _hands_on(picture: Picture, at: Any, brought: Any, least: int) -> Any:
    """Of the records ``at`` (who is paid) those to whom the account hands on what it was brought by then, soon and as often."""
    rows = picture.rows
    account = picture.of[at]
    counts = picture.starts[account + 1] - picture.starts[account]
    ends = np.cumsum(counts)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(picture.starts[account] - ends + counts, counts)
    whose = np.repeat(np.arange(len(at)), counts)
    came, began, ended = rows["first_in_ms"][places], rows["first_out_ms"][at], rows["last_out_ms"][at]
    use = brought[places] & (came <= ended[whose]) & (came >= began[whose] - SOON_DAYS * DAY_MS)
    places, whose = places[use], whose[use]
    later = (rows["last_in_ms"][places] > ended[whose]) & (rows["credits"][places] > 1)
    sums = rows["paid_in"][places] - np.where(later, rows["last_credit"][places], 0)
    persons = np.bincount(whose, minlength=len(at))
    taken = np.bincount(whose, sums.astype(np.float64), minlength=len(at))
    times = np.bincount(whose, rows["credits"][places] - later, minlength=len(at))
    paid = rows["paid_out"][at]
    return (
        (persons >= LEAST_PERSONS)
        & (taken >= least)
        & (paid >= HANDED_FROM * taken)
        & (paid <= HANDED_TO * taken)
        & (rows["debits"][at] >= OFTEN * times)
        & (rows["debits"][at] <= MOST_OFTEN * times + PROBES)
    )


def _stars(picture: Picture, account: Any, key: Any, paid: Any, least: int) -> tuple[Any, Any]:
    """Those of whom enough different holders hand on to the same key, none of them its own or in known trade."""
    holder = picture.holder[account]
    number = picture.number_of(key)
    trade = (number != NOBODY) & picture.in_trade[np.maximum(number, 0)] if len(number) else np.zeros(0, np.bool_)
    mine = picture.in_trade[picture.node[account]] if len(account) else np.zeros(0, np.bool_)
    good = (holder != key) & ~trade & ~mine
    account, key, paid, holder, number = account[good], key[good], paid[good], holder[good], number[good]
    if not len(key):
        return account, key
    keys, place = np.unique(key, return_inverse=True)
    holders = distinct(place, holder, len(keys))
    smallest = np.full(len(keys), np.inf)
    np.minimum.at(smallest, place, paid)
    others = _customers_of(picture, keys, smallest, account)
    many = (holders >= least) & (holders >= LEAST_OF_KEYS_PAYERS * (holders + others))
    brought = np.bincount(place, paid, minlength=len(keys))[place]
    taken = np.where(number == NOBODY, 0.0, picture.persons_in[np.maximum(number, 0)])
    enough = many[place] & (brought >= HUB_SHARE * taken)
    return account[enough], key[enough]


def _customers_of(picture: Picture, keys: Any, smallest: Any, relays: Any) -> Any:
    """How many other holders pay each of the ``keys`` again and again a tenth of what its smallest relay does, and take too few
    persons' money to be collectors who keep a larger part: whoever pays a yuan twice hides nobody."""
    rows, of = picture.rows, picture.of
    takes = np.bincount(of[picture.person & (rows["paid_in"] >= LEAST_SUM_MINOR)], minlength=len(picture.accounts))
    place = np.minimum(np.searchsorted(keys, picture.party), len(keys) - 1)
    here = (keys[place] == picture.party) & (rows["debits"] >= LEAST_TIMES) & (rows["paid_out"] >= CUSTOMER * smallest[place])
    here &= (takes < LEAST_PERSONS)[of] & ~np.isin(of, relays)
    return distinct(place[here], picture.holder[of[here]], len(keys))
