"""Of a circle of accounts those that take part: whose payers others of the circle pay, and who pays others' payers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.grouping import LEAST_PASSED_MINOR
from detector.schemes.picture import Picture
from detector.schemes.relays import LEAST_RELAYS
from detector.schemes.returns import Returns

LEAST_RETURNED: Final = 3
COLLECTOR_SHARE: Final = 0.25
"""Of a collecting account's payers others pay at least so many,"""
DUE_SHARE: Final = 0.5
"""or so many of those that came no later than the newest whom others paid back,"""
PAYER_SHARE: Final = 0.4
"""and of those whom a paying account pays at least so many had paid others before."""
LIFT: Final = 3.0
"""Three times as many as chance would bring where the circle pays a good part of the town anyway."""
HANDED_ON: Final = 0.5
LEAST_OWN: Final = 2
LEAST_OWN_SHARE: Final = 0.2
"""Of one holder's accounts those count that took a fifth of what the largest took of persons: on the others he lives."""
ROUNDS: Final = 12


@dataclass(frozen=True, slots=True)
class Part:
    """Accounts that take part (numbers in the picture, in order) and what each does."""

    accounts: Any
    collects: Any
    pays_out: Any
    gathers: Any
    passes_on: Any


def taking_part(picture: Picture, flows: Flows, filling: Filling, accounts: Any) -> Part:
    """The largest part of the circle in which every account has its reason; empty where there is none.

    A collecting account needs payers whom other members pay, a paying one payees who paid other members before, and both
    a link of their own to another member (``_linked``). Who only gathers needs members that hand persons' money on to
    him, or whom he fills. Where three and more hand on to one as it comes (relays.py) they collect, whoever was paid back,
    and so do accounts of one and the same holder. Whoever took less than 10,000 yuan of persons collects nothing.
    """
    trace = _Trace.of(picture, accounts)
    relays = _Star.of(picture, flows, accounts)
    own = _one_holders(picture, accounts)
    kept = np.ones(len(accounts), np.bool_)
    collects = pays = gathers = passes = np.zeros(len(accounts), np.bool_)
    between, fills = _between(picture, flows, accounts), filling.among(accounts)
    for _ in range(ROUNDS):
        collects, pays = trace.roles(kept)
        collects &= picture.account_in[accounts] >= LEAST_PASSED_MINOR
        handing_on, hubs = relays.roles(kept)
        collects |= handing_on | own
        passes = _passes(picture, accounts, between, collects, kept) | handing_on
        gathers = _gathers(picture, accounts, between, collects, pays, kept) | hubs
        linked = _linked(picture, accounts, between, fills, kept & (collects | pays | gathers)) | handing_on | hubs | own
        still = kept & (collects | pays | gathers) & linked
        if (still == kept).all():
            break
        kept = still
    if kept.sum() < 2:
        kept = np.zeros(len(accounts), np.bool_)
    return Part(accounts[kept], collects[kept], pays[kept], gathers[kept], passes[kept])


def _one_holders(picture: Picture, accounts: Any) -> Any:
    """Members that take persons' money, where all belong to one holder: who is monitored is the customer, not the account."""
    if len(np.unique(picture.node[accounts])) > 1:
        return np.zeros(len(accounts), np.bool_)
    money = picture.account_in[accounts]
    found: Any = (picture.account_payers[accounts] >= LEAST_RETURNED) & (money >= LEAST_OWN_SHARE * money.max(initial=0.0))
    return found


def may_take_part(picture: Picture, flows: Flows, returns: Returns, accounts: Any) -> bool:
    """Whether any account of the circle can collect and any can pay out, enough hand on to one or one holder has several."""
    if len(flows.relays.among(accounts)[0]) >= LEAST_RELAYS or _one_holders(picture, accounts).sum() >= LEAST_OWN:
        return True
    matrix = returns.matrix(accounts)
    payees = picture.account_payees[accounts]
    collects = matrix.sum(axis=1) >= LEAST_RETURNED
    pays = matrix.sum(axis=0) >= np.maximum(LEAST_RETURNED, PAYER_SHARE * payees)
    return bool(collects.any() and pays.any())


@dataclass(frozen=True, slots=True)
class _Star:
    """The circle's relays: which member hands on, to which hub; and which members are whose hub's accounts."""

    place: Any
    hub: Any
    holder: Any  # of each member
    of_hub: Any  # number of the hub whose account a member is, -1 none

    @classmethod
    def of(cls, picture: Picture, flows: Flows, accounts: Any) -> _Star:
        place, key = flows.relays.among(accounts)
        keys, hub = np.unique(key, return_inverse=True)
        holder = picture.holder[accounts]
        at = np.minimum(np.searchsorted(keys, holder), max(len(keys) - 1, 0))
        mine = keys[at] == holder if len(keys) else np.zeros(len(accounts), np.bool_)
        return cls(place, hub, picture.node[accounts], np.where(mine, at, -1))

    def roles(self, kept: Any) -> tuple[Any, Any]:
        """Which members hand on beside enough others who do, and which are the accounts to whose holder they do."""
        handing_on, hubs = np.zeros(len(kept), np.bool_), np.zeros(len(kept), np.bool_)
        on = kept[self.place]
        for hub in np.unique(self.hub[on]).tolist():
            mine = self.place[on & (self.hub == hub)]
            if len(np.unique(self.holder[mine])) >= LEAST_RELAYS:
                handing_on[mine] = True
                hubs |= kept & (self.of_hub == hub)
        return handing_on, hubs


@dataclass(frozen=True, slots=True)
class _Trace:
    """The circle's records with persons: which member, which person, when each side began."""

    member: Any
    person: Any
    first_in: Any
    first_out: Any
    members: int
    persons: int
    everybody: int

    @classmethod
    def of(cls, picture: Picture, accounts: Any) -> _Trace:
        places, member = picture.with_persons(accounts)
        key, person = np.unique(picture.party[places], return_inverse=True)
        rows = picture.rows[places]
        out = (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0)
        return cls(
            member, person, np.where(rows["credits"] > 0, rows["first_in_ms"], 2**62),
            np.where(out, rows["first_out_ms"], -(2**62)), len(accounts), len(key), picture.everybody,
        )  # fmt: skip

    def roles(self, kept: Any) -> tuple[Any, Any]:
        """Which members collect from those whom other kept ones pay, and which pay those who paid other kept ones."""
        on = kept[self.member]
        last_out = _two_best(self.person, self.member, np.where(on, self.first_out, -(2**62)), self.persons)
        first_in = _two_best(self.person, self.member, np.where(on, -self.first_in, -(2**62)), self.persons)
        paid_in, paid_out = self.first_in < 2**62, self.first_out > -(2**62)
        returned = paid_in & (_of_others(last_out, self.person, self.member) > self.first_in)
        had_paid = paid_out & (-_of_others(first_in, self.person, self.member) < self.first_out)

        def count(mask: Any) -> Any:
            return np.bincount(self.member[mask], minlength=self.members)

        # Who came after the newest of those paid back is not due yet: of a scheme that grows that is most of its payers.
        newest = np.full(self.members, -(2**62))
        np.maximum.at(newest, self.member[returned], self.first_in[returned])
        due = paid_in & (self.first_in <= newest[self.member])
        payees = np.count_nonzero(np.bincount(self.person[on & paid_out], minlength=self.persons))
        payers = np.count_nonzero(np.bincount(self.person[on & paid_in], minlength=self.persons))
        chance_in = LIFT * count(due) * payees / max(self.everybody, 1)
        chance_out = LIFT * count(paid_out) * payers / max(self.everybody, 1)
        enough_in = np.maximum(
            np.maximum(LEAST_RETURNED, np.minimum(COLLECTOR_SHARE * count(paid_in), DUE_SHARE * count(due))),
            np.minimum(chance_in, 0.6 * count(due)),
        )
        enough_out = np.maximum(
            np.maximum(LEAST_RETURNED, PAYER_SHARE * count(paid_out)), np.minimum(chance_out, 0.6 * count(paid_out))
        )
        return kept & (count(returned) >= enough_in), kept & (count(had_paid) >= enough_out)


def _two_best(person: Any, member: Any, value: Any, persons: int) -> tuple[Any, Any, Any]:
    """Each person's largest value, whose it is, and the largest of any other member."""
    order = np.lexsort((value, person))
    best, whose, second = np.full(persons, -(2**62)), np.full(persons, -1), np.full(persons, -(2**62))
    best[person[order]] = value[order]
    whose[person[order]] = member[order]
    rest = order[member[order] != whose[person[order]]]
    second[person[rest]] = value[rest]
    return best, whose, second


def _of_others(two: tuple[Any, Any, Any], person: Any, member: Any) -> Any:
    best, whose, second = two
    return np.where(whose[person] == member, second[person], best[person])


def _between(picture: Picture, flows: Flows, accounts: Any) -> Any:
    """Money from each holder of the circle to each other, spread over their accounts: a matrix over accounts."""
    nodes = picture.node[accounts]
    return flows.between(nodes)


def _passes(picture: Picture, accounts: Any, between: Any, collects: Any, kept: Any) -> Any:
    """Collecting members who hand on to kept ones at least half of what persons paid them."""
    took = picture.persons_in[picture.node[accounts]]
    return collects & (between[:, kept].max(axis=1, initial=0.0) >= HANDED_ON * np.maximum(took, 1.0))


def _gathers(picture: Picture, accounts: Any, between: Any, collects: Any, pays: Any, kept: Any) -> Any:
    """Members to whom two others hand persons' money on, or who fill one that pays."""
    node = picture.node[accounts]
    took, paid = picture.persons_in[node], picture.persons_out[node]
    from_inlets = ((between >= HANDED_ON * np.maximum(took, 1.0)[:, None]) & collects[:, None] & kept[:, None]).sum(axis=0)
    fills = ((between >= HANDED_ON * np.maximum(paid, 1.0)[None, :]) & pays[None, :] & kept[None, :]).sum(axis=1)
    return kept & ((from_inlets >= 2) | (fills >= 1) & (from_inlets >= 1) | (fills >= 2))


def _linked(picture: Picture, accounts: Any, between: Any, fills: Any, kept: Any) -> Any:
    """Members with a link to another kept one: the same holder, something shared, or a good part of persons' money."""
    node = picture.node[accounts]
    took, paid = picture.persons_in[node], picture.persons_out[node]
    linked = (node[:, None] == node[None, :]) | fills
    linked |= (between >= HANDED_ON * np.maximum(took, 1.0)[:, None]) & (took >= LEAST_PASSED_MINOR)[:, None]
    linked |= (between >= 0.3 * np.maximum(paid, 1.0)[None, :]) & (paid >= 1.0)[None, :]
    linked |= linked.T
    places: dict[tuple[str, int], list[int]] = {}
    for place, holder in enumerate(node.tolist()):
        for value in picture.shared[holder]:
            places.setdefault(value, []).append(place)
    for who in places.values():
        if len(who) > 1:
            linked[np.ix_(who, who)] = True
    np.fill_diagonal(linked, False)
    return (linked & kept[None, :]).any(axis=1)
