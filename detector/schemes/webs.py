"""Firms that share somebody or something and of which one pays back what persons brought another (regulation.md F10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from contract.shanghai import day_start_ms
from detector.schemes.joining import distinct, joined
from detector.schemes.picture import Picture
from detector.schemes.returns import paid_before_paid

LEAST_BROUGHT_MINOR: Final = 100_000
MOST_BACK: Final = 1.2
"""What goes back of a deposit, with interest. Wages to somebody who bought something are more, of another kind of money."""
LEAST_FIRMS: Final = 3
LEAST_BACK: Final = 5
LEAST_OWN_BACK: Final = 2
"""Persons paid back over the whole web, and by or after one firm of it that shares no second value with another firm."""
LIFT: Final = 3.0
DUE_SHARE: Final = 0.3
"""Of those who came as long ago as a return takes at least so many have had one: a refund now and then is no return."""


@dataclass(frozen=True, slots=True)
class Webs:
    """Accounts of webs (numbers in the picture, in order), which web each belongs to, and what it does there.

    Shells have a few payers each and live on trade, so no two of them show anything; that somebody paid one firm of a park
    and was paid by another is chance. So two firms are held together by both: a value in common, and a person who brought
    one 1,000 yuan or more and was paid a part of it by the other afterwards. And the whole must show more of such persons
    than chance would bring, and a good part of those whose turn has come.
    """

    account: Any
    web: Any
    collects: Any
    pays: Any

    @classmethod
    def of(cls, picture: Picture) -> Webs:
        """All webs of a day; some milliseconds for a city's firms."""
        firms = picture.firm[picture.node] & ~picture.in_trade[picture.node] if len(picture.accounts) else np.zeros(0, np.bool_)
        known = np.array([bool(shared) for shared in picture.shared], np.bool_)[picture.node] if len(firms) else firms
        back = _Back.of(picture, firms & known)
        found = [kept for web in _joined(picture, back) if (kept := _kept(picture, back, web)) is not None]
        account = np.array([a for one in found for a in one[0]], np.int64)
        order = np.argsort(account, kind="stable")
        web = np.repeat(np.arange(len(found)), [len(one[0]) for one in found])
        collects = np.array([x for one in found for x in one[1]], np.bool_)
        pays = np.array([x for one in found for x in one[2]], np.bool_)
        return cls(account[order], web[order], collects[order], pays[order])

    def among(self, accounts: Any) -> tuple[Any, Any, Any]:
        """Of ``accounts`` (in order) the web that each belongs to, -1 none, and whether it collects and pays there."""
        place = np.searchsorted(self.account, accounts)
        place[place == len(self.account)] = 0
        here = self.account[place] == accounts if len(self.account) else np.zeros(len(accounts), np.bool_)
        web, collects, pays = np.full(len(accounts), -1), here.copy(), here.copy()
        web[here], collects[here], pays[here] = self.web[place[here]], self.collects[place[here]], self.pays[place[here]]
        return web, collects, pays


@dataclass(frozen=True, slots=True)
class _Back:
    """Who brought one firm 1,000 yuan and more and was paid a part of it by another one: pairs of records, one entry a pair."""

    firms: Any  # accounts that are asked (mask)
    into: Any
    out_of: Any
    person: Any
    brought: Any  # account and moment of every such deposit
    brought_ms: Any
    brought_by: Any
    took_ms: Any  # of each pair: from the deposit to the payment back
    payers: Any  # by account
    payees: Any
    everybody: int

    @classmethod
    def of(cls, picture: Picture, firms: Any) -> _Back:
        rows, of = picture.rows, picture.of
        here = picture.person & firms[of] if len(of) else np.zeros(0, np.bool_)
        into = np.flatnonzero(here & (rows["credits"] > 0) & (rows["paid_in"] >= LEAST_BROUGHT_MINOR))
        out = np.flatnonzero(here & (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0))
        a, b = paid_before_paid(picture, into, out)
        part = rows["paid_out"][b] <= MOST_BACK * rows["paid_in"][a]
        part &= ~_partly(rows, a, b)
        good = part & (picture.node[of[a]] != picture.node[of[b]]) & ~_refunds(rows, a, b)
        a, b = a[good], b[good]
        count = len(picture.accounts)
        return cls(
            firms, of[a], of[b], picture.party[a], of[into], rows["first_in_ms"][into], picture.party[into],
            rows["first_out_ms"][b] - rows["first_in_ms"][a],
            np.bincount(of[into], minlength=count), np.bincount(of[out], minlength=count), picture.everybody,
        )  # fmt: skip


def _partly(rows: Any, a: Any, b: Any) -> Any:
    """Pairs of which the second gives back once more than half and not all: a fee or deposit less what was used of it."""
    out, into = rows["paid_out"][b], rows["paid_in"][a]
    found: Any = (rows["debits"][b] == 1) & (2 * out > into) & (out < into)
    return found


def _refunds(rows: Any, a: Any, b: Any) -> Any:
    """Pairs of which the second gives back once exactly what the first took."""
    sums = np.stack([rows["paid_in"][a], rows["first_credit"][a], rows["last_credit"][a]])
    found: Any = (rows["debits"][b] == 1) & (np.abs(sums - rows["paid_out"][b]) * 1000 <= sums).any(axis=0)
    return found


def _joined(picture: Picture, back: _Back) -> list[Any]:
    """Accounts that such persons join where their holders have a value in common, in order of the first of each."""
    pairs = np.unique(np.stack([back.into, back.out_of], axis=1), axis=0) if len(back.into) else np.zeros((0, 2), np.int64)
    ends = picture.node[pairs]
    tied = np.array([bool(picture.shared[a] & picture.shared[b]) for a, b in ends.tolist()], np.bool_)
    return [np.array(sorted(one)) for one in joined(pairs[tied].tolist(), len(picture.accounts))]


def _kept(picture: Picture, back: _Back, web: Any) -> tuple[list[int], list[bool], list[bool]] | None:
    """The accounts of a web that take part, and whether each collects and pays; None where they are no web."""
    kept = web
    while True:
        into, out_of, use = _places(back, kept)
        persons = [distinct(side, back.person[use], len(kept)) for side in (into, out_of)]
        payers, payees = back.payers[kept], back.payees[kept]
        chance = [payers * (payees.sum() - payees), payees * (payers.sum() - payers)]
        need = np.where(_held_twice(picture, kept), 1, LEAST_OWN_BACK)
        collects, pays = (
            (count >= need) & (count * back.everybody >= LIFT * by_chance)
            for count, by_chance in zip(persons, chance, strict=True)
        )
        if (collects | pays).all():
            break
        kept = kept[collects | pays]
    if len(np.unique(picture.node[kept])) < LEAST_FIRMS or not _shows(back, kept, use, day_start_ms(picture.day + 1)):
        return None
    return kept.tolist(), collects.tolist(), pays.tolist()


def _places(back: _Back, kept: Any) -> tuple[Any, Any, Any]:
    """Places in ``kept`` of both sides of the pairs inside it, and which pairs these are."""
    use = np.flatnonzero(np.isin(back.into, kept) & np.isin(back.out_of, kept))
    return np.searchsorted(kept, back.into[use]), np.searchsorted(kept, back.out_of[use]), use


def _held_twice(picture: Picture, kept: Any) -> Any:
    """Accounts whose holder shares values of two kinds with others of the web: a park's address alone is none's tie."""
    nodes, place = np.unique(picture.node[kept], return_inverse=True)
    having: dict[tuple[str, int], list[int]] = {}
    for k, node in enumerate(nodes.tolist()):
        for value in picture.shared[node]:
            having.setdefault(value, []).append(k)
    kinds: list[set[str]] = [set() for _ in nodes]
    for (kind, _), who in having.items():
        if len(who) > 1:
            for k in who:
                kinds[k].add(kind)
    return np.array([len(one) >= 2 for one in kinds], np.bool_)[place]


def _shows(back: _Back, kept: Any, use: Any, end_ms: int) -> bool:
    """Whether the web pays back enough persons, more than chance would, and most of those whose turn has come."""
    person, first = np.unique(back.person[use], return_index=True)
    payers, payees = back.payers[kept], back.payees[kept]
    chance = payers.sum() * payees.sum() - (payers * payees).sum()
    if len(person) < LEAST_BACK or len(person) * back.everybody < LIFT * chance:
        return False
    here = np.isin(back.brought, kept)
    turn = end_ms - int(np.median(back.took_ms[use][first]))
    due = np.unique(back.brought_by[here & (back.brought_ms <= turn)])
    return bool(np.isin(due, person).sum() >= DUE_SHARE * len(due))
