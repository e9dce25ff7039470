"""Who fills the account from which his payers are paid back: one takes, another one's account pays (regulation §2.0 recip)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.flows import Flows
from detector.schemes.joining import matrix_of
from detector.schemes.picture import Picture
from detector.schemes.relays import HUB_SHARE
from detector.schemes.returns import paid_before_paid

LEAST_PAYERS: Final = 10
LEAST_BACK: Final = 3
FILLED_SHARE: Final = 0.5
"""At least half of what the other pays the collector's payers came from the collector, without what went the other way: an
investor whose friends invest as well is paid back what he brought and his interest."""
LEAST_OF_SET: Final = 5
LEAST_TIMES: Final = 2
LIFT: Final = 3.0
"""Of several collectors that fill one outlet together, again and again, as cards fill paying accounts, each may have one payer
paid back yet; together there are five, and three times as many as chance would bring."""
ALIKE: Final = 0.2
"""Who gives less than a fifth of what the largest gives is none of the set: a customer or a victim with friends among the
payers, who pays now and then (pruning.py asks the same of one holder's accounts)."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Pairs of accounts of different holders (numbers in the picture): who collects and fills, and who pays the payers back.

    What the other one lives on besides does not matter here: not how much he pays whom, but what he pays the collector's payers.
    ``alike`` marks the pairs by which several collectors are one circle with their outlets.
    """

    collector: Any
    outlet: Any
    alike: Any

    @classmethod
    def of(cls, picture: Picture, flows: Flows) -> Filling:
        """All of a day."""
        rows, accounts = picture.rows, len(picture.accounts)
        alone = picture.account_payers >= LEAST_PAYERS
        private = np.array([one.holder_kind in (None, "person") for one in picture.accounts], np.bool_)
        of_set = private & (picture.account_payers >= LEAST_BACK)
        a, b = _paid_back(picture, flows, (alone | of_set) & ~picture.in_trade[picture.node])
        key, pair, count = np.unique(picture.of[a] * accounts + picture.of[b], return_inverse=True, return_counts=True)
        back = np.bincount(pair, rows["paid_out"][b].astype(np.float64), minlength=len(key))
        collector, outlet = np.divmod(key, max(accounts, 1))
        money, times = flows.each(picture.node[collector], picture.node[outlet])
        net = money - flows.each(picture.node[outlet], picture.node[collector])[0]
        by_itself = (count >= LEAST_BACK) & (net >= FILLED_SHARE * back) & alone[collector]
        by_itself &= _is_no_payer(picture, outlet, np.where(by_itself, net, 0.0))
        again = of_set[collector] & (times >= LEAST_TIMES)
        alike = (net > 0) & (net >= ALIKE * _most(outlet, np.where(by_itself | again, net, 0.0), accounts))
        of_one = _by_set(picture, collector, outlet, np.where(again & alike, net, 0.0), b, pair)
        good = by_itself | (of_one & _is_no_payer(picture, outlet, np.where(of_one, net, 0.0)))
        return cls(collector[good], outlet[good], alike[good])

    def among(self, accounts: Any) -> Any:
        """Matrix over ``accounts`` (in order): whether the row's account fills the column's."""
        return matrix_of(self.collector, self.outlet, accounts)


def _paid_back(picture: Picture, flows: Flows, takes: Any) -> tuple[Any, Any]:
    """Records of persons who paid an account that ``takes``, and of their payment back by one that such a holder paid."""
    rows = picture.rows
    collects, filled = np.zeros(len(picture.holders), np.bool_), np.zeros(len(picture.holders), np.bool_)
    collects[picture.node[takes]] = True
    from_node, to_node = np.divmod(flows.inside, max(len(picture.holders), 1))
    filled[to_node[collects[from_node]]] = True
    pays = filled[picture.node] & (picture.account_payees >= LEAST_BACK) & ~picture.in_trade[picture.node]
    into = np.flatnonzero(picture.person & takes[picture.of] & (rows["credits"] > 0))
    out = np.flatnonzero(picture.person & pays[picture.of] & (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0))
    a, b = paid_before_paid(picture, into, out)
    apart = picture.node[picture.of[a]] != picture.node[picture.of[b]]
    return a[apart], b[apart]


def _is_no_payer(picture: Picture, outlet: Any, net: Any) -> Any:
    """Of pairs with ``net`` money those whose outlet does not live on others: of what persons bring it, its collectors bring a
    good part. Else it is a scheme of its own, and whoever pays it is one of its payers, whose friends are too."""
    brought = np.bincount(outlet, np.maximum(net, 0.0), minlength=len(picture.accounts))
    # What flows between two is told of holders, so what a holder takes on any account counts.
    found: Any = (brought >= HUB_SHARE * picture.persons_in[picture.node])[outlet]
    return found


def _most(outlet: Any, money: Any, accounts: int) -> Any:
    """By pair what the largest of its outlet's collectors gives."""
    most = np.zeros(accounts)
    np.maximum.at(most, outlet, money)
    return most[outlet]


def _by_set(picture: Picture, collector: Any, outlet: Any, money: Any, back: Any, pair: Any) -> Any:
    """Of pairs with ``money`` those of whose outlet all its collectors together fill half of what it pays their payers.

    ``back`` are the outlets' records of these payers and ``pair`` whose each is: of who paid several collectors there is one
    each, and he is paid once. They must be more than who knows so many would meet by chance.
    """
    accounts, fills = len(picture.accounts), money > 0
    once = np.unique(back[fills[pair]])
    persons = np.bincount(picture.of[once], minlength=accounts)
    paid = np.bincount(picture.of[once], picture.rows["paid_out"][once].astype(np.float64), minlength=accounts)
    payers = np.bincount(outlet[fills], picture.account_payers[collector[fills]].astype(np.float64), minlength=accounts)
    chance = payers * picture.account_payees / max(picture.everybody, 1)
    enough = (persons >= LEAST_OF_SET) & (payers >= LEAST_PAYERS) & (persons >= LIFT * chance)
    enough &= np.bincount(outlet, money, minlength=accounts) >= FILLED_SHARE * paid
    found: Any = fills & enough[outlet]
    return found
