"""The two legs of a transfer between accounts of one scheme, found among what both institutions reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from api.tracing.legs import Leg
from contract.shanghai import DAY_MS

WITHIN_MS: Final = 3 * DAY_MS
"""Two banks book one transfer within so long, the longest that a movement may be late (contract §2.1)."""


class Place(NamedTuple):
    """A leg: its account's place and its own among that account's legs."""

    account: int
    leg: int


class Unmatched:
    """Bookings between members that were read which no booking of the other side fits, told as transfers.

    A debit and a credit between the same two are two views of one transfer, of which a fee was kept or which lies further
    apart than ``WITHIN_MS``: it counts once.
    """

    def __init__(self) -> None:
        self._sides: tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]] = (Counter(), Counter())

    def note(self, account: int, peer: int | None, *, is_credit: bool) -> None:
        """Count a booking of ``account``; none whose ``peer`` was not read."""
        if peer is not None:
            self._sides[is_credit][(peer, account) if is_credit else (account, peer)] += 1

    def transfers(self) -> int:
        """How many transfers they are, at least."""
        debits, credits = self._sides
        return (debits | credits).total()


def pairs_of(books: Sequence[Sequence[Leg]]) -> dict[Place, Place]:
    """Credit by debit: each names the other's account, the amounts are the same, and they lie nearest in time.

    A credit at or after its debit comes first, one before it (two banks' clocks) where none follows: a leg that one bank never
    reported leaves its other side alone, and shifts no later transfer of the same amount.
    """
    pairs = {debit: credit for credit, debit in _nearest(books, set(), waits_for_credit=False).items()}
    taken = {*pairs, *pairs.values()}
    return _in_order(books, pairs | _nearest(books, taken, waits_for_credit=True))


def _nearest(books: Sequence[Sequence[Leg]], taken: set[Place], *, waits_for_credit: bool) -> dict[Place, Place]:
    """Each leg of one side with the newest free one of the other side that was booked by then; the first side is the key.

    Debits take credits that came before them if ``waits_for_credit``, credits take debits otherwise.
    """
    waiting: dict[tuple[int, int, int], list[Place]] = {}
    found: dict[Place, Place] = {}
    gone = set(taken)
    for place in _ordered(books, credits_first=waits_for_credit):
        leg = books[place.account][place.leg]
        if place in gone:
            continue
        if leg.is_credit == waits_for_credit:
            for peer in leg.peers:
                waiting.setdefault((place.account, peer, leg.minor), []).append(place)
            continue
        newest = [_free(waiting.get((peer, place.account, leg.minor)), books, gone, leg.at_ms) for peer in leg.peers]
        fitting = [one for one in newest if one is not None]
        if fitting:
            other = min(fitting, key=lambda one: (-books[one.account][one.leg].at_ms, one))
            gone |= {place, other}
            found[place] = other
    return found


def _ordered(books: Sequence[Sequence[Leg]], *, credits_first: bool) -> list[Place]:
    """Legs between members by time; of one time, those that wait before those that take."""
    places = [Place(account, at) for account, legs in enumerate(books) for at, leg in enumerate(legs) if leg.peers]

    def by_time(one: Place) -> tuple[int, bool, Place]:
        leg = books[one.account][one.leg]
        return leg.at_ms, leg.is_credit != credits_first, one

    return sorted(places, key=by_time)


def _free(stack: list[Place] | None, books: Sequence[Sequence[Leg]], gone: set[Place], at_ms: int) -> Place | None:
    """The newest leg that nobody took; where it is too old, so are all below it."""
    while stack and stack[-1] in gone:
        stack.pop()
    if not stack or books[stack[-1].account][stack[-1].leg].at_ms < at_ms - WITHIN_MS:
        return None
    return stack[-1]


def _in_order(books: Sequence[Sequence[Leg]], pairs: dict[Place, Place]) -> dict[Place, Place]:
    """The same legs with those of one amount between the same two accounts in order of time, which no pair is longer for."""
    alike: dict[tuple[int, int, int], list[tuple[Place, Place]]] = {}
    for debit, credit in pairs.items():
        alike.setdefault((debit.account, credit.account, books[debit.account][debit.leg].minor), []).append((debit, credit))
    ordered: dict[Place, Place] = {}
    for group in alike.values():
        debits, credits = zip(*group, strict=True)
        ordered |= zip(_by_time(books, debits), _by_time(books, credits), strict=True)
    return ordered


def _by_time(books: Sequence[Sequence[Leg]], places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda one: (books[one.account][one.leg].at_ms, one))
