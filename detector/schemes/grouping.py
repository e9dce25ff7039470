"""Which holders may belong together: by where persons' money goes on to, by what they share, by having several accounts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np

from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.joining import joined
from detector.schemes.picture import NOBODY, Picture

PASSED_SHARE: Final = 0.5
"""Of what persons paid it an inlet hands on at least half to one holder."""
FED_SHARE: Final = 0.3
"""Of what a paying account pays persons at least so much came from the holder who fills it."""
LEAST_PERSONS: Final = 3
LEAST_PASSED_MINOR: Final = 1_000_000
LEAST_ALL: Final = 10
LEAST_ABSORBED_MINOR: Final = 10_000_000
MANY: Final = 30
LEAST_OF_MANY_MINOR: Final = 1_000_000
"""Fewer payers or less money together are families and friends: below 100,000 yuan no line of the law begins. Thirty are no
family, though each brings little (students, entry fees)."""
MOST_TOGETHER: Final = 60
STARS_INLETS: Final = 3

Group = tuple[int, ...]


def groups(picture: Picture, flows: Flows, filling: Filling) -> list[Group]:
    """Candidate groups of holders (numbers in the picture) with news of at least one, each once, in order."""
    weak = (*_by_flow(picture, flows), *_by_shared(picture), *_by_holder(picture))
    found = {*weak, *_by_filling(picture, filling), *_by_purse(picture, flows, filling), *_by_web(picture, flows)}
    return sorted(one for one in found if picture.fresh_node[list(one)].any())


def _by_flow(picture: Picture, flows: Flows) -> list[Group]:
    """Round each holder to whom accounts hand persons' money on, or who fills accounts that pay persons."""
    payer, payee = picture.number_of(flows.payer), picture.number_of(flows.payee)
    told = picture.in_trade
    from_known = payer != NOBODY
    inlet = from_known & _inlets(picture, payer, flows.amount) & ~told[np.maximum(payer, 0)]
    to_known = payee != NOBODY
    fed = to_known & from_known & _outlets(picture, payee, flows.amount) & ~told[np.maximum(payee, 0)]
    # Circles in which nothing is new were looked at when it was.
    new = picture.fresh_node
    touched = np.concatenate(
        [flows.payee[inlet & new[np.maximum(payer, 0)]], flows.payer[fed & new[np.maximum(payee, 0)]], picture.holders[new]]
    )
    inlet &= np.isin(flows.payee, touched)
    fed &= np.isin(flows.payer, touched)
    hubs: dict[int, set[int]] = defaultdict(set)
    for key, who in zip(flows.payee[inlet].tolist(), payer[inlet].tolist(), strict=True):
        hubs[key].add(who)
    for key, who in zip(flows.relays.key.tolist(), picture.node[flows.relays.account].tolist(), strict=True):
        hubs[key].add(who)
    outlets: dict[int, set[int]] = defaultdict(set)
    for key, who in zip(flows.payer[fed].tolist(), payee[fed].tolist(), strict=True):
        outlets[key].add(who)
    keys = np.array(sorted({*hubs, *outlets}), np.int64)
    numbers = picture.number_of(keys).tolist()
    made = []
    for key, number in zip(keys.tolist(), numbers, strict=True):
        if number == NOBODY and len(hubs[key]) < STARS_INLETS:
            continue
        if number != NOBODY and told[number]:
            continue
        made.append(_group(hubs[key] | outlets[key] | ({number} if number != NOBODY else set())))
    return [one for one in made if _worth(picture, one)]


def _inlets(picture: Picture, payer: Any, amount: Any) -> Any:
    took = picture.persons_in[np.maximum(payer, 0)]
    return (
        (picture.payers[np.maximum(payer, 0)] >= LEAST_PERSONS)
        & (took >= LEAST_PASSED_MINOR)
        & (amount >= PASSED_SHARE * took)
        & (amount >= LEAST_PASSED_MINOR)
    )


def _outlets(picture: Picture, payee: Any, amount: Any) -> Any:
    paid = picture.persons_out[np.maximum(payee, 0)]
    return (picture.payees[np.maximum(payee, 0)] >= LEAST_PERSONS) & (paid > 0) & (amount >= FED_SHARE * paid)


def _by_shared(picture: Picture) -> list[Group]:
    """Round each value that two to fifty holders share, and round all that such values join while these stay few.

    All kinds of holders are joined so, and firms alone: a web of shells has nominees, who have families, who have landlords.
    """
    sharing, count = picture.sharing, len(picture.holders)
    firms = [sorted(one for one in who if picture.firm[one]) for who in sharing.values()]
    together = [*joined([sorted(who) for who in sharing.values()], count), *joined([who for who in firms if len(who) > 1], count)]
    made = [_group(who) for who in (*sharing.values(), *(who for who in together if len(who) <= MOST_TOGETHER))]
    return [one for one in made if picture.fresh_node[list(one)].any() and _worth(picture, one)]


def _by_filling(picture: Picture, filling: Filling) -> list[Group]:
    """Each who fills accounts from which his payers are paid back, with these."""
    outlets: dict[int, set[int]] = defaultdict(set)
    for collector, outlet in zip(picture.node[filling.collector].tolist(), picture.node[filling.outlet].tolist(), strict=True):
        outlets[collector].add(outlet)
    return [one for who, others in outlets.items() if _worth(picture, one := _group({who, *others}))]


def _by_purse(picture: Picture, flows: Flows, filling: Filling) -> list[Group]:
    """All that filling joins, all that hand on together, and what both join: cards of one purse, none of which fills alone."""
    fills = np.stack([filling.collector, filling.outlet], axis=1)[filling.alike]
    onward = np.stack([flows.onward.into, flows.onward.out_of], axis=1)
    found = [
        one for links in (fills, onward, np.concatenate([fills, onward])) for one in joined(links.tolist(), len(picture.accounts))
    ]
    made = [_group(set(picture.node[sorted(one)].tolist())) for one in found]
    return [one for one in made if _worth(picture, one)]


def _by_web(picture: Picture, flows: Flows) -> list[Group]:
    """Each web of firms."""
    webs = flows.webs
    return [_group(set(picture.node[webs.account[webs.web == one]].tolist())) for one in np.unique(webs.web).tolist()]


def _by_holder(picture: Picture) -> list[Group]:
    """Holders of several accounts."""
    several = np.bincount(picture.node, minlength=len(picture.holders)) >= 2
    told = picture.in_trade
    return [one for k in np.flatnonzero(several & ~told).tolist() if _worth(picture, one := (k,))]


def _group(nodes: set[int]) -> Group:
    return tuple(sorted(nodes))


def _worth(picture: Picture, group: Group) -> bool:
    """Whether enough persons pay the group together; a group beyond the cap is nobody's circle."""
    if len(group) > 3 * MOST_TOGETHER:
        return False
    who = list(group)
    payers, money = picture.payers[who].sum(), picture.persons_in[who].sum()
    return bool((payers >= LEAST_ALL and money >= LEAST_ABSORBED_MINOR) or (payers >= MANY and money >= LEAST_OF_MANY_MINOR))
