"""What came of following the money of a scheme: of every account, to every destination, and who got it. Minor units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from api.tracing.parties import Party
from api.tracing.payers import People
from api.tracing.purses import Rule, Sums, add, nothing


@dataclass(slots=True)
class Receiver:
    """Somebody outside the scheme who got money and never paid in, by account and bank as the sender's bank names them."""

    destination: str
    party: Party
    first_ms: int
    last_ms: int
    movements: int = 0
    sums: Sums = field(default_factory=nothing)


@dataclass(slots=True)
class Held:
    """What passed over one account: from outside, from members, to members, out of the scheme, and what sits there.

    ``opening`` and ``missing`` are part of what came in, of unknown origin: what stood there before, where that is told, and
    what went out though nobody saw it come. A negative ``opening`` is an overdraft: what comes first pays the bank. ``lent`` is
    what the bank lent in the period, by the balances that it told: part of what came in, of other origin, and paid off alike.
    """

    came_in: Sums = field(default_factory=nothing)
    received: Sums = field(default_factory=nothing)
    sent: Sums = field(default_factory=nothing)
    went_out: Sums = field(default_factory=nothing)
    sits: Sums = field(default_factory=nothing)
    opening: int | None = None
    missing: int = 0
    lent: int = 0


class Way(NamedTuple):
    """Money that left one account for a destination; ``receiver`` is a place in ``Traced.receivers``, None where none is told."""

    account: int
    destination: str
    receiver: int | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class Traced:
    """The whole: by origin, what came in is what went to each destination and what sits. Minor units.

    ``unmatched`` are transfers between two members that were read of which no two sides fit each other.
    """

    rule: Rule
    accounts: list[Held]
    between: dict[tuple[int, int], Sums]
    went: dict[str, Sums]
    movements: dict[str, int]
    receivers: list[Receiver]
    ways: list[Way]
    people: People
    unmatched: int

    @property
    def came_in(self) -> Sums:
        """All that came in from outside."""
        return _total(held.came_in for held in self.accounts)

    @property
    def sits(self) -> Sums:
        """All that sits in the accounts."""
        return _total(held.sits for held in self.accounts)


def _total(all_sums: Iterable[Sums]) -> Sums:
    total = nothing()
    for sums in all_sums:
        add(total, enumerate(sums))
    return total
