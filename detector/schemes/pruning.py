"""Of a circle of accounts those that take part: whose payers others of the circle pay, and who pays others' payers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.grouping import LEAST_PASSED_MINOR
from detector.schemes.joining import joined
from detector.schemes.picture import Picture
from detector.schemes.relays import HANDED_TO, HUB_SHARE, LEAST_RELAYS, LEAST_TIMES
from detector.schemes.returns import Returns
from detector.schemes.trace import LEAST_RETURNED, MANY, PAYER_SHARE, Trace
from detector.schemes.webs import LEAST_FIRMS

HANDED_ON: Final = 0.5
FED: Final = 0.3
"""Of what persons brought so much is handed on to a member, and of what persons are paid so much came from one."""
LEAST_OWN: Final = 2
LEAST_OWN_SHARE: Final = 0.2
"""Of one holder's accounts those count that took a fifth of what the largest took of persons: on the others he lives."""
ROUNDS: Final = 12
LEAST_PAYEES: Final = 10
MORE_THAN_A_PAYEE: Final = 3.0
"""Who paid in and is paid three times what ten persons and more are on the average is no payee like the rest."""


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
    and so do accounts of one and the same holder. Firms of a web (webs.py) are asked over all of it, not each by itself.
    Whoever else took less than 10,000 yuan of persons collects nothing.
    """
    trace = Trace.of(picture, accounts)
    relays = _Star.of(picture, flows, accounts)
    web, web_collects, web_pays = flows.webs.among(accounts)
    own = _one_holders(picture, accounts)
    kept = np.ones(len(accounts), np.bool_)
    collects = pays = gathers = passes = firms = handing_on = np.zeros(len(accounts), np.bool_)
    between, fills = _Between.of(picture, flows, accounts), filling.among(accounts)
    private = ~_businesses(picture, accounts)
    tied = fills | flows.onward.among(accounts)
    for _ in range(ROUNDS):
        collects, pays = trace.roles(kept, private & (fills & between.more & kept[:, None]).any(axis=0))
        collects &= picture.account_in[accounts] >= LEAST_PASSED_MINOR
        handing_on, hubs = relays.roles(kept)
        firms = _of_webs(web, picture.node[accounts], kept)
        collects |= handing_on | own | (firms & web_collects)
        pays |= firms & web_pays
        passes = (collects & (between.hands_on & kept[None, :]).any(axis=1)) | handing_on
        gathers = _gathers(between, collects, pays, kept) | hubs
        linked = tied | (between.hands_on & collects[:, None]) | (between.feeds & pays[None, :])
        linked = _linked(picture, accounts, linked)
        for together in relays.together(handing_on):
            linked[np.ix_(together, together)] = True
        able = kept & (collects | pays | gathers)
        still = able & ((linked & able[None, :] & ~np.eye(len(able), dtype=np.bool_)).any(axis=1) | hubs | own)
        if (still == kept).all():
            still = _richest(linked, kept, picture.account_in[accounts])
            if (still == kept).all():
                break
        kept = still
    if kept.sum() < 2:
        kept = np.zeros(len(accounts), np.bool_)
    shown = kept
    if (kept & firms).any():
        web_of = kept & firms
        # A firm that hands its payers' money on to the web's is no neighbour whose customers happen to be theirs. One that is
        # paid by them may be: who sells to shells pays wages of it.
        with_web = (between.hands_on[:, web_of] | fills[:, web_of]).any(axis=1)
        shown = firms | handing_on | own | with_web | ~_businesses(picture, accounts)
    collects, pays, passes = collects & shown, pays & shown, passes & shown
    return Part(accounts[kept], collects[kept], pays[kept], gathers[kept], passes[kept])


def _of_webs(web: Any, node: Any, kept: Any) -> Any:
    """Kept members of whose web enough holders are kept."""
    found = np.zeros(len(web), np.bool_)
    for one in np.unique(web[kept & (web >= 0)]).tolist():
        mine = kept & (web == one)
        if len(np.unique(node[mine])) >= LEAST_FIRMS:
            found |= mine
    return found


def _businesses(picture: Picture, accounts: Any) -> Any:
    """Members that are no private accounts: beside a web such a one is looked at, as its customers are the web's payers too."""
    return np.array([picture.accounts[a].holder_kind not in (None, "person") for a in accounts.tolist()], np.bool_)


def _one_holders(picture: Picture, accounts: Any) -> Any:
    """Members that take persons' money, where all belong to one holder: who is monitored is the customer, not the account."""
    if len(np.unique(picture.node[accounts])) > 1:
        return np.zeros(len(accounts), np.bool_)
    money = picture.account_in[accounts]
    found: Any = (picture.account_payers[accounts] >= LEAST_RETURNED) & (money >= LEAST_OWN_SHARE * money.max(initial=0.0))
    return found


def may_take_part(picture: Picture, flows: Flows, returns: Returns, accounts: Any) -> bool:
    """Whether any account of the circle can collect and any can pay out, enough hand on to one or one holder has several."""
    if (flows.webs.among(accounts)[0] >= 0).any():
        return True
    if len(flows.relays.among(accounts)[0]) >= LEAST_RELAYS or _one_holders(picture, accounts).sum() >= LEAST_OWN:
        return True
    matrix = returns.matrix(accounts)
    payees = picture.account_payees_seen[accounts]
    collects = matrix.sum(axis=1) >= LEAST_RETURNED
    pays = matrix.sum(axis=0) >= np.maximum(LEAST_RETURNED, np.minimum(PAYER_SHARE * payees, MANY))
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

    def together(self, handing_on: Any) -> list[Any]:
        """By hub its members that are ``handing_on``, and those that are its own accounts."""
        found = []
        for hub in np.unique(self.hub[handing_on[self.place]]).tolist():
            mine = self.of_hub == hub
            mine[self.place[self.hub == hub]] = True
            found.append(mine)
        return found

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
class _Between:
    """Money between the circle's holders, spread over their accounts: matrices over accounts, whose row pays the column.

    Who invests more than friends brought him, or once, hands nothing on; and whom a scheme pays back less than he brought is no
    account of its own from which it pays: so money counts without what came the other way. All who hand on to one bring a good
    part of what he takes of persons: else they are some of those who pay him. And who is fed did not pay in as payees do,
    or is paid several times what they are.
    """

    hands_on: Any
    feeds: Any
    fills: Any
    more: Any  # than came the other way

    @classmethod
    def of(cls, picture: Picture, flows: Flows, accounts: Any) -> _Between:
        nodes = picture.node[accounts]
        money, times = flows.between(nodes)
        net = np.maximum(money - money.T, 0.0)
        took, paid = picture.persons_in[nodes], np.maximum(picture.persons_out[nodes], 1.0)[None, :]
        # Of what persons and other members gave; again and again, as it comes.
        able = (net <= HANDED_TO * (took + net.sum(axis=0))[:, None]) & (times >= LEAST_TIMES)
        hands_on = able & (net >= HANDED_ON * np.maximum(took, 1.0)[:, None]) & (took >= LEAST_PASSED_MINOR)[:, None]
        hands_on &= _once_a_holder(nodes, np.where(hands_on, net, 0.0)) >= HUB_SHARE * took
        as_no_payee = (money.T == 0) | (net >= _of_a_payee(picture, nodes)[:, None])
        feeds = able & (net >= FED * paid) & (paid > 1.0) & as_no_payee
        return cls(hands_on, feeds, net >= HANDED_ON * paid, net > 0)


def _once_a_holder(nodes: Any, money: Any) -> Any:
    """By column what all holders together give, each once, whose accounts are rows that say the same."""
    _, first = np.unique(nodes, return_index=True)
    return money[first].sum(axis=0)


def _of_a_payee(picture: Picture, nodes: Any) -> Any:
    """What each holder gives an account that pays for him, at least: several times what a person is paid who lives on it."""
    payees = picture.payees[nodes]
    return np.where(payees >= LEAST_PAYEES, MORE_THAN_A_PAYEE * picture.persons_out[nodes] / np.maximum(payees, 1), 0.0)


def _gathers(between: _Between, collects: Any, pays: Any, kept: Any) -> Any:
    """Members to whom two others hand persons' money on, or who fill one that pays."""
    from_inlets = (between.hands_on & (collects & kept)[:, None]).sum(axis=0)
    fills = (between.fills & (pays & kept)[None, :]).sum(axis=1)
    return kept & ((from_inlets >= 2) | (fills >= 1) & (from_inlets >= 1) | (fills >= 2))


def _linked(picture: Picture, accounts: Any, by_money: Any) -> Any:
    """Matrix of which members have a link: the same holder, something shared, or persons' money (``by_money``)."""
    node = picture.node[accounts]
    linked = (node[:, None] == node[None, :]) | by_money | by_money.T
    places: dict[tuple[str, int], list[int]] = {}
    for place, holder in enumerate(node.tolist()):
        for value in picture.shared[holder]:
            places.setdefault(value, []).append(place)
    for who in places.values():
        if len(who) > 1:
            linked[np.ix_(who, who)] = True
    found: Any = linked
    return found


def _richest(linked: Any, kept: Any, money: Any) -> Any:
    """Of the kept members those that links join, where these took the most: who pays back a neighbour's payers, and is linked
    to others alone, is no part of the neighbour's scheme."""
    at = np.flatnonzero(kept)
    pairs = np.argwhere(linked[np.ix_(at, at)])
    sets = [sorted(one) for one in joined([*pairs.tolist(), *([k, k] for k in range(len(at)))], len(at))]
    best = max(sets, key=lambda one: float(money[at[one]].sum()), default=[])
    found = np.zeros(len(kept), np.bool_)
    found[at[best]] = True
    return found
