"""A worker's side inputs: what takes effect at a turn is recorded before anything is said that follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, Protocol

import structlog

from contract.control import Turn, day_text
from contract.errors import RejectedEvent, TurnTaken
from contract.topics import CONTROL
from detector import metrics
from detector.sides.consumed import INPUT_TOPICS, SIDE_TOPICS, Consumed
from detector.sides.inputs import Arrived, Positions, Turns
from detector.transport.base import Shelf

log = structlog.get_logger()


class SideRecord(NamedTuple):
    """One record of a side topic."""

    topic: str
    offset: int
    value: bytes | None


class SideReader(Protocol):
    """Reads the side topics whole, without a group; every method raises ``TransportUnavailable``."""

    def poll(self) -> Sequence[SideRecord]:
        """What came since, without waiting."""

    def through(self, topics: Sequence[str]) -> Sequence[SideRecord]:
        """What came since, up to where these topics end now at least."""

    def close(self) -> None:
        """Stop reading."""


class _Turned(NamedTuple):
    day: int
    row: int
    before: Positions
    after: Positions


def _refused(topic: str, offset: int, error: RejectedEvent) -> None:
    metrics.REJECTS.labels(error.reason).inc()
    log.warning("side_input_refused", topic=topic, offset=offset, reason=str(error.reason), field=error.field)


@dataclass(slots=True)
class Desk:
    """Gives shards what takes effect at their turns.

    A turn that the control topic knows takes what it took then, so that records that are read again are judged as
    before. Another takes all that was read so far, and is recorded. Of two owners of a shard that turn its day at the
    same time, one stalled and one new, the one whose record comes first holds: the other learns it from ``record`` and
    must forget the shard before it says anything.
    """

    reader: SideReader
    publish: Callable[[Turn], object]
    flush: Callable[[], object]
    consumed: Consumed = field(default_factory=lambda: Consumed(_refused))
    _turned: dict[Shelf, list[_Turned]] = field(default_factory=lambda: defaultdict(list))

    def refresh(self) -> None:
        """Take in what came since."""
        self._take_in(self.reader.poll())

    def catch_up(self) -> None:
        """Read all side topics to their ends: what an earlier owner of a shard recorded is known then."""
        self._take_in(self.reader.through(SIDE_TOPICS))

    def turns(self, shelf: Shelf) -> Turns:
        """What a shard asks at its turns."""
        self._turned.pop(shelf, None)

        def arrived(day: int, row: int, before: Positions) -> Arrived:
            recorded = self.consumed.recorded(shelf, day)
            after = before.reaching(self.consumed.positions if recorded is None else recorded)
            if recorded is None:
                self._turned[shelf].append(_Turned(day, row, before, after))
            return self.consumed.arrived(before, after)

        return arrived

    def record(self, shelf: Shelf, offsets: Sequence[int], insist: Callable[[Callable[[], object]], object]) -> None:
        """Record the shard's new turns; ``offsets`` are those of the rows that it was given.

        ``insist`` does something outside until it can be done. Raises ``TurnTaken`` where another owner recorded a turn
        first with other inputs. Costs one round trip to the broker where a day turned, nothing otherwise.
        """
        turned = self._turned.pop(shelf, None)
        if not turned:
            return
        for one in turned:
            turn = Turn(
                topic=shelf.topic,
                partition=shelf.partition,
                position=offsets[one.row],
                day=day_text(one.day),
                watchlist=one.after.watchlist,
                verdicts=one.after.verdicts,
            )
            insist(partial(self.publish, turn))
        insist(self.flush)
        insist(self._read_back)
        if not all(self._holds(shelf, one) for one in turned):
            raise TurnTaken("another owner of the shard turned its day first, with other side inputs")

    def _read_back(self) -> None:
        self._take_in(self.reader.through((CONTROL,)))

    def _holds(self, shelf: Shelf, one: _Turned) -> bool:
        first = self.consumed.recorded(shelf, one.day)
        return first is not None and one.before.reaching(first) == one.after

    def _take_in(self, records: Sequence[SideRecord]) -> None:
        """Add records, and read on where another worker has recorded inputs that this one has not read yet."""
        self._add(records)
        if self.consumed.is_behind:
            self._add(self.reader.through(INPUT_TOPICS))

    def _add(self, records: Sequence[SideRecord]) -> None:
        for record in records:
            self.consumed.add(record.topic, record.offset, record.value)
