"""The two legs of a transfer between accounts of one scheme, found among what both institutions reported."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from api.tracing.legs import Leg
from contract.shanghai import DAY_MS

WITHIN_MS: Final = 3 * DAY_MS
"""Two banks book one transfer within so long, the longest that a movement may be late (contract §2.1)."""


class Place(NamedTuple):
    """A leg: its account's place and its own among that account's legs."""

    account: int
    leg: int


def pairs_of(books: Sequence[Sequence[Leg]]) -> dict[Place, Place]:
    """Credit by debit: each names the other's account, the amounts are the same, the oldest free credit first."""
    waiting: dict[tuple[int, int, int], deque[Place]] = {}
    for credit in _ordered(books, is_credit=True):
        leg = books[credit.account][credit.leg]
        for payer in leg.peers:
            waiting.setdefault((payer, credit.account, leg.minor), deque()).append(credit)
    taken: set[Place] = set()
    pairs: dict[Place, Place] = {}
    for debit in _ordered(books, is_credit=False):
        leg = books[debit.account][debit.leg]
        found = [_free(waiting.get((debit.account, payee, leg.minor)), books, taken, leg.at_ms) for payee in leg.peers]
        fitting = [one for one in found if one is not None]
        if fitting:
            credit = min(fitting, key=lambda one: (books[one.account][one.leg].at_ms, one))
            taken.add(credit)
            pairs[debit] = credit
    return pairs


def _ordered(books: Sequence[Sequence[Leg]], *, is_credit: bool) -> list[Place]:
    places = [
        Place(account, at)
        for account, legs in enumerate(books)
        for at, leg in enumerate(legs)
        if leg.peers and leg.is_credit == is_credit
    ]
    return sorted(places, key=lambda one: (books[one.account][one.leg].at_ms, one))


def _free(queue: deque[Place] | None, books: Sequence[Sequence[Leg]], taken: set[Place], at_ms: int) -> Place | None:
    """The oldest credit that nobody took; what is too old for this debit is so for every later one."""
    while queue:
        first = queue[0]
        credited = books[first.account][first.leg].at_ms
        if first not in taken and credited >= at_ms - WITHIN_MS:
            return first if credited <= at_ms + WITHIN_MS else None
        queue.popleft()
    return None
