"""What a shard asks for when its day turns, and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from contract.verdict import Verdict
from contract.watchlist import WatchEntry


class Positions(NamedTuple):
    """How much of each side topic is in effect: everything before these offsets."""

    watchlist: int = 0
    verdicts: int = 0

    def reaching(self, other: Positions) -> Positions:
        """The further of both: what took effect is never taken back."""
        return Positions(max(self.watchlist, other.watchlist), max(self.verdicts, other.verdicts))


class Arrived(NamedTuple):
    """What takes effect at a turn, in the topics' order, and the positions then."""

    positions: Positions
    entries: Sequence[WatchEntry] = ()
    verdicts: Sequence[Verdict] = ()


class Turns(Protocol):
    """Asked once at each turn, from inside the engine: it must answer from memory."""

    def __call__(self, day: int, row: int, before: Positions) -> Arrived:
        """What takes effect when the shard's day turns to ``day``, at ``row`` of what it was given, after ``before``."""


def quiet(day: int, row: int, before: Positions) -> Arrived:  # noqa: ARG001
    """Nothing ever."""
    return Arrived(before)
