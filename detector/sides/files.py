"""Side inputs of a replay: files that hold what the side topics hold, a record a line in the topics' order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from contract.errors import ConfigurationError, RejectedEvent
from contract.reject import Reject
from contract.shanghai import day_start_ms
from contract.topics import CONTROL, VERDICTS, WATCHLIST, events_topic
from contract.verdict import Verdict
from contract.watchlist import WatchEntry
from detector.sides.consumed import Consumed, Line
from detector.sides.inputs import Arrived, Positions, Turns
from detector.transport.base import Shelf

T = TypeVar("T", WatchEntry, Verdict)


@dataclass(slots=True)
class FileSides:
    """What takes effect at the turns of a replay.

    With a control file, what took effect there in the stream, so that the stream's flags come again; line ``k`` of the
    other files, from 0, is the record at offset ``k``. Without one, every entry takes effect at the first turn to a day
    that begins after its own time: ``since`` of a watch-list entry, ``decided_at`` of a verdict.
    """

    watchlist: Path | None = None
    verdicts: Path | None = None
    control: Path | None = None
    rejects: list[Reject] = field(default_factory=list)
    _consumed: Consumed = field(init=False)

    def __post_init__(self) -> None:
        self._consumed = Consumed(self._refuse)
        for topic, path in self._files():
            for offset, line in enumerate(_lines(topic, path)):
                self._consumed.add(topic, offset, line)
        if self.control is None:
            self._consumed.watchlist = _by_time(self._consumed.watchlist)
            self._consumed.verdicts = _by_time(self._consumed.verdicts)

    def _files(self) -> Iterator[tuple[str, Path]]:
        for topic, path in ((WATCHLIST, self.watchlist), (VERDICTS, self.verdicts), (CONTROL, self.control)):
            if path is not None:
                yield topic, path

    def _refuse(self, topic: str, offset: int, error: RejectedEvent) -> None:
        name = next(path.name for of, path in self._files() if of == topic)
        self.rejects.append(
            Reject(
                institution_code="",
                reason=error.reason,
                field=error.field,
                topic=name,
                partition=0,
                offset=offset + 1,
                row=None,
            )
        )

    def turns(self, institution: str, partition: int) -> Turns:
        """What a shard asks at its turns."""
        shelf = Shelf(events_topic(institution), partition)

        def arrived(day: int, row: int, before: Positions) -> Arrived:  # noqa: ARG001
            after = self._by_day(day) if self.control is None else self._consumed.recorded(shelf, day)
            return self._consumed.arrived(before, before if after is None else before.reaching(after))

        return arrived

    def _by_day(self, day: int) -> Positions:
        start = day_start_ms(day)
        return Positions(_before(self._consumed.watchlist, start), _before(self._consumed.verdicts, start))


def _by_time(line: Line[T]) -> Line[T]:
    """Entries in the order of their own times, places anew; those of one time stay in the order in which they stood."""
    items = sorted(line.items, key=attrgetter("at_ms"))
    return Line(list(range(len(items))), items, len(items))


def _before(line: Line[T], ms: int) -> int:
    """How many entries of a line by time are of before a moment."""
    return bisect_left(line.items, ms, key=attrgetter("at_ms"))


def _lines(topic: str, path: Path) -> list[bytes]:
    """The file's lines; raises ``ConfigurationError`` for one that cannot be read."""
    try:
        return path.read_bytes().removesuffix(b"\n").split(b"\n") if path.stat().st_size else []
    except OSError as error:
        option = topic.split(".")[1]
        raise ConfigurationError(f"--{option}: cannot read {path}: {error.strerror or 'the file system refused'}") from error
