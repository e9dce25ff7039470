"""For which shards the scheme process waits: said by records of its own log, so that every reader waits for the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from contract.evidence import EXPECTED, DayMark
from contract.topics import institution_of
from detector.schemes.engine import SchemeEngine
from detector.schemes.ticks import Shard
from detector.transport.base import Shelf


def new_shards(shelves: Iterable[Shelf], known: Collection[Shard]) -> list[DayMark]:
    """Marks that let shards be waited for that nobody has heard of."""
    found = [(institution_of(shelf.topic), shelf.partition) for shelf in shelves]
    return [
        DayMark(institution_code=code, partition=number, day=EXPECTED) for code, number in found if (code, number) not in known
    ]


@dataclass(slots=True)
class Silence:
    """Shards that stand more than the engine's silent days behind the newest mark, since when, and who was given up.

    Who was given up is not waited for until it speaks again: each day that the others close is closed for it at once.
    """

    _still: dict[Shard, tuple[int, float]] = field(default_factory=dict)
    _closed: dict[Shard, int] = field(default_factory=dict)

    def given_up(self, engine: SchemeEngine, now: float, after_s: float) -> list[DayMark]:
        """Marks on behalf of those that have held everybody up for ``after_s`` seconds without moving."""
        standing = engine.standing
        late = max(standing.values(), default=EXPECTED) - engine.silent_days - 1
        marks = []
        for shard, day in sorted(standing.items()):
            if day > self._closed.get(shard, EXPECTED):
                self._closed.pop(shard, None)
            if day >= late:
                self._still.pop(shard, None)
                continue
            before, since = self._still.get(shard, (day, now))
            self._still[shard] = (day, since if before == day else now)
            if shard in self._closed or now - self._still[shard][1] >= after_s:
                self._closed[shard] = late
                marks.append(DayMark(institution_code=shard[0], partition=shard[1], day=late))
        return marks
