"""Why members of a scheme belong together, link by link."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.money import minor_to_text
from contract.scheme import Link
from detector.schemes.flows import Flows
from detector.schemes.picture import Picture
from detector.schemes.returns import Returns

MOST_LINKS: Final = 400
"""The strongest ones are told; a ring of forty has hundreds of pairs that say the same."""


def links_of(picture: Picture, flows: Flows, returns: Returns, accounts: Any) -> list[Link]:
    """Links between the accounts, by place among them, in order of places and kind."""
    found = [*_of_holders(picture, accounts), *_of_flows(picture, flows, accounts), *_of_returns(picture, returns, accounts)]
    strongest = sorted(found, key=lambda one: (-one.strength, one.kind, one.a, one.b))[:MOST_LINKS]
    return sorted(strongest, key=lambda one: (one.a, one.b, one.kind))


def _of_holders(picture: Picture, accounts: Any) -> list[Link]:
    """One holder, a shared value, one the employer of the other or both of one; a value tells the less the more have it."""
    node = picture.node[accounts].tolist()
    made = []
    for b in range(len(node)):
        for a in range(b):
            if node[a] == node[b]:
                made.append(Link(a=a, b=b, kind="holder", strength=1.0, amount=None))
                continue
            for kind, value in sorted(picture.shared[node[a]] & picture.shared[node[b]]):
                others = len(picture.sharing[kind, value]) - 1
                made.append(Link(a=a, b=b, kind=kind, strength=round(others**-0.5, 4), amount=None))
    return made


def _of_flows(picture: Picture, flows: Flows, accounts: Any) -> list[Link]:
    """Money from one holder to another, told at each one's first account; strength is its part of all that the payer passed."""
    first: dict[int, int] = {}
    for place, holder in enumerate(picture.holder[accounts].tolist()):
        first.setdefault(holder, place)
    keys = np.array(sorted(first), np.int64)
    inside = np.isin(flows.payer, keys) & np.isin(flows.payee, keys)
    edges = list(zip(flows.payer[inside].tolist(), flows.payee[inside].tolist(), flows.amount[inside].tolist(), strict=True))
    passed: dict[int, int] = {}
    for payer, _, amount in edges:
        passed[payer] = passed.get(payer, 0) + amount
    return [
        Link(
            a=first[payer],
            b=first[payee],
            kind="flow",
            strength=round(amount / max(passed[payer], 1), 4),
            amount=minor_to_text(amount),
        )
        for payer, payee, amount in edges
        if payer != payee
    ]


def _of_returns(picture: Picture, returns: Returns, accounts: Any) -> list[Link]:
    """Who paid ``a`` and was then paid by ``b``, as a part of all who paid ``a``."""
    payers = picture.account_payers[accounts]
    made = []
    for (a, b), count in returns.pairs(accounts).items():
        strength = round(min(1.0, count / max(int(payers[a]), 1)), 4)
        made.append(Link(a=a, b=b, kind="payers_paid_elsewhere", strength=strength, amount=None))
    return made
