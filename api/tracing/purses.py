"""What an account holds, by where it came from, and the two rules by which money that leaves is told apart.

Money is fungible, so no rule finds "the same" money: each is an assumption that has to be named. Both keep every fen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final, Literal, Protocol

ORIGINS: Final = ("payers", "other", "unknown")
"""Payers' money; money that is known to be none of theirs (wages, loans, interest, the holder's own); and what nobody
told: opening balances, cash, credits without a counterparty."""
PAYERS, OTHER, UNKNOWN = range(len(ORIGINS))
Rule = Literal["fifo", "proportional"]
Portion = tuple[tuple[int, int], ...]
"""Money by origin and minor units, in the order in which it goes."""
Sums = list[int]
"""Minor units by origin."""


def nothing() -> Sums:
    """Sums of no money."""
    return [0] * len(ORIGINS)


def add(sums: Sums, portion: Iterable[tuple[int, int]]) -> None:
    """Add a portion to sums, in place."""
    for origin, minor in portion:
        sums[origin] += minor


class Purse(Protocol):
    """An account's money; ``missing`` is what was taken beyond what it held, as of unknown origin."""

    missing: int

    def put(self, portion: Portion) -> None:
        """Take money in."""

    def take(self, minor: int) -> Portion:
        """Give money out; never less than was asked for."""

    def held(self) -> Sums:
        """What is left, by origin."""


class Queue:
    """First in, first out: what leaves is what has been there longest.

    >>> purse = Queue()
    >>> purse.put(((PAYERS, 70),)); purse.put(((OTHER, 50),))
    >>> purse.take(100), purse.held(), purse.take(30), purse.missing
    (((0, 70), (1, 30)), [0, 20, 0], ((1, 20), (2, 10)), 10)
    """

    def __init__(self) -> None:
        self.missing = 0
        self._layers: deque[tuple[int, int]] = deque()

    def put(self, portion: Portion) -> None:
        """Lay money behind what is there."""
        for origin, minor in portion:
            if minor and self._layers and self._layers[-1][0] == origin:
                minor += self._layers.pop()[1]
            if minor:
                self._layers.append((origin, minor))

    def take(self, minor: int) -> Portion:
        """Money from the front."""
        taken = []
        while minor and self._layers:
            origin, there = self._layers.popleft()
            part = min(there, minor)
            if there > part:
                self._layers.appendleft((origin, there - part))
            taken.append((origin, part))
            minor -= part
        if minor:
            self.missing += minor
            taken.append((UNKNOWN, minor))
        return tuple(taken)

    def held(self) -> Sums:
        """What is left."""
        sums = nothing()
        add(sums, self._layers)
        return sums


class Mixture:
    """Proportional: what leaves is of each origin what the account is of it at that moment.

    >>> purse = Mixture()
    >>> purse.put(((PAYERS, 70),)); purse.put(((OTHER, 50),))
    >>> purse.take(60), purse.take(61)
    (((0, 35), (1, 25)), ((0, 35), (1, 25), (2, 1)))
    """

    def __init__(self) -> None:
        self.missing = 0
        self._sums = nothing()

    def put(self, portion: Portion) -> None:
        """Mix money in."""
        add(self._sums, portion)

    def take(self, minor: int) -> Portion:
        """Money of every origin, to the fen by largest remainder."""
        short = max(0, minor - sum(self._sums))
        parts = split(minor - short, self._sums)
        self._sums = [there - part for there, part in zip(self._sums, parts, strict=True)]
        self.missing += short
        parts[UNKNOWN] += short
        return tuple((origin, part) for origin, part in enumerate(parts) if part)

    def held(self) -> Sums:
        """What is left."""
        return list(self._sums)


PURSES: Final[dict[Rule, type[Queue | Mixture]]] = {"fifo": Queue, "proportional": Mixture}


def split(minor: int, shares: Sums) -> Sums:
    """``minor``, at most the sum of ``shares``, in proportion to them: largest remainders first, then the earlier origin.

    >>> split(100, [1, 1, 1]), split(2, [1, 1, 0]), split(0, [0, 0, 0])
    ([34, 33, 33], [1, 1, 0], [0, 0, 0])
    """
    total = sum(shares)
    if not total:
        return nothing()
    parts = [minor * share // total for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda at: (-(minor * shares[at] % total), at))
    for at in by_rest[: minor - sum(parts)]:
        parts[at] += 1
    return parts
