"""The side topics as far as they were read: entries by offset, and the first record of every turn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from contract import control, verdict, watchlist
from contract.control import Turn
from contract.errors import RejectedEvent
from contract.topics import CONTROL, VERDICTS, WATCHLIST
from contract.verdict import Verdict
from contract.watchlist import WatchEntry
from detector.sides.inputs import Arrived, Positions
from detector.transport.base import Shelf

INPUT_TOPICS: Final = (WATCHLIST, VERDICTS)
SIDE_TOPICS: Final = (*INPUT_TOPICS, CONTROL)
T = TypeVar("T")


@dataclass(slots=True)
class Line(Generic[T]):
    """What one topic holds, in order; offsets may have gaps, and refused records leave one."""

    offsets: list[int] = field(default_factory=list)
    items: list[T] = field(default_factory=list)
    end: int = 0

    def add(self, offset: int, item: T) -> None:
        """Append what stands at ``offset``."""
        self.offsets.append(offset)
        self.items.append(item)

    def between(self, start: int, stop: int) -> list[T]:
        """Items from offset ``start`` to before ``stop``."""
        return self.items[bisect_left(self.offsets, start) : bisect_left(self.offsets, stop)]


@dataclass(slots=True)
class Consumed:
    """All that was read so far. ``refused`` is told topic, offset and why of every record that is none.

    Costs about 200 bytes an entry or verdict and 100 a turn.
    """

    refused: Callable[[str, int, RejectedEvent], object]
    watchlist: Line[WatchEntry] = field(default_factory=Line)
    verdicts: Line[Verdict] = field(default_factory=Line)
    turns: dict[Shelf, dict[int, Positions]] = field(default_factory=dict)
    furthest: Positions = field(default_factory=Positions)
    _newest: dict[tuple[str, str], int] = field(default_factory=dict)
    _known: dict[Positions, Positions] = field(default_factory=dict)

    @property
    def positions(self) -> Positions:
        """How far the two topics of inputs were read."""
        return Positions(self.watchlist.end, self.verdicts.end)

    @property
    def is_behind(self) -> bool:
        """Whether a turn took inputs that were not read here yet."""
        return self.positions.reaching(self.furthest) != self.positions

    def add(self, topic: str, offset: int, value: bytes | None) -> None:
        """Take one record; one that cannot be used is told and the rest goes on."""
        try:
            if topic == WATCHLIST:
                self.watchlist.end = offset + 1
                entry = watchlist.decode(value)
                if self._is_next(topic, entry.ledger, entry.seq):
                    self.watchlist.add(offset, entry)
            elif topic == VERDICTS:
                self.verdicts.end = offset + 1
                decided = verdict.decode(value)
                if self._is_next(topic, decided.ledger, decided.seq):
                    self.verdicts.add(offset, decided)
            else:
                self._note(control.decode(value))
        except RejectedEvent as error:
            self.refused(topic, offset, error)

    def _is_next(self, topic: str, ledger: str | None, seq: int) -> bool:
        """Whether a ledger's record is later than all of it so far: what is sent again undoes nothing that followed it."""
        if ledger is None:
            return True
        if seq <= self._newest.get((topic, ledger), 0):
            return False
        self._newest[topic, ledger] = seq
        return True

    def _note(self, turn: Turn) -> None:
        at = Positions(turn.watchlist, turn.verdicts)
        self.furthest = self.furthest.reaching(at)
        # Most turns have the positions of the one before: one object for all of them.
        at = self._known.setdefault(at, at)
        self.turns.setdefault(Shelf(turn.topic, turn.partition), {}).setdefault(turn.number, at)

    def recorded(self, shelf: Shelf, day: int) -> Positions | None:
        """Where the turn stands that was recorded first, ``None`` where none was."""
        return self.turns.get(shelf, {}).get(day)

    def arrived(self, before: Positions, after: Positions) -> Arrived:
        """What lies between two positions."""
        return Arrived(
            after,
            self.watchlist.between(before.watchlist, after.watchlist),
            self.verdicts.between(before.verdicts, after.verdicts),
        )
