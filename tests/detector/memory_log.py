"""A log with one consumer group in memory: topics, commits, members that come, stall and vanish, and what was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from contract import control, evidence
from contract import flag as flags
from contract.control import Turn
from contract.errors import PartitionsLost, TransportUnavailable
from contract.evidence import DayMark, Names
from contract.evidence import Evidence as Account
from contract.evidence import Record as Evidence
from contract.flag import Flag
from contract.records import ContentType, RecordKind, headers
from contract.reject import Reject
from contract.scheme import Scheme
from contract.topics import CONTROL, EVIDENCE, events_topic
from detector.decode import Record
from detector.opening import BEGUN
from detector.sides.consumed import SIDE_TOPICS
from detector.sides.desk import SideRecord
from detector.transport.base import Committed, Shelf

Told = (Account, Names, DayMark)
Headers = Sequence[tuple[str, bytes]]


@dataclass
class MemoryLog:
    """The broker. The next ``away`` calls find nobody, or every ``hiccup``-th; ``journal`` names what was done in order."""

    records: dict[Shelf, list[Record]] = field(default_factory=dict)
    starts: Counter[Shelf] = field(default_factory=Counter)
    gaps: Counter[Shelf] = field(default_factory=Counter)
    commits: dict[Shelf, Committed] = field(default_factory=dict)
    flags: list[Flag] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    schemes: list[Scheme] = field(default_factory=list)
    told: list[bytes] = field(default_factory=list)
    members: list[MemoryTransport] = field(default_factory=list)
    owners: dict[Shelf, MemoryTransport] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    sides: dict[str, list[bytes | None]] = field(default_factory=lambda: {topic: [] for topic in SIDE_TOPICS})
    away: int = 0
    hiccup: int = 0
    calls: int = 0

    def topic(self, institution: str, partitions: int = 1) -> None:
        """Make an institution's topic."""
        for partition in range(partitions):
            self.records[Shelf(events_topic(institution), partition)] = []

    def append(self, shelf: Shelf, value: bytes, sent: Headers | None = None, *, at_ms: int = 0) -> int:
        """Append a record and return its offset; JSON movements unless its headers say otherwise."""
        offset = self.end(shelf)
        sent = headers(RecordKind.MOVEMENT, ContentType.JSON) if sent is None else sent
        self.records[shelf].append(Record(*shelf, offset, at_ms, sent, value))
        return offset

    def tell(self, record: Evidence) -> None:
        """Keep evidence: as a topic that a group can share where there is one."""
        value = evidence.encode(record)
        self.told.append(value)
        if Shelf(EVIDENCE, 0) in self.records:
            self.append(Shelf(EVIDENCE, 0), value, ())

    def skip(self, shelf: Shelf) -> None:
        """Leave out an offset, as the end of a transaction does."""
        self.gaps[shelf] += 1

    def end(self, shelf: Shelf) -> int:
        """Offset of the next record."""
        return len(self.records[shelf]) + self.gaps[shelf]

    def delete_before(self, shelf: Shelf, offset: int) -> None:
        """Let retention take what is older."""
        self.starts[shelf] = offset

    def reach(self) -> None:
        """Fail where the broker is away."""
        self.calls += 1
        if self.away or (self.hiccup and self.calls % self.hiccup == 0):
            self.away = max(0, self.away - 1)
            raise TransportUnavailable("the broker is away")

    def share(self, members: Sequence[MemoryTransport]) -> None:
        """A rebalance in which every present member hands over what it has before others get it; the rest is evicted."""
        for member in self.members:
            if member in members:
                member.hand_over()
        self.members = list(members)
        self.owners = {shelf: members[k % len(members)] for k, shelf in enumerate(sorted(self.records)) if members}

    def wire(self) -> list[bytes]:
        """Every different revision as published, in order of the flags file."""
        return sorted({flags.encode(one) for one in self.flags})


@dataclass
class MemoryTransport:
    """One member's view of the log: ``most`` records a poll, positions that survive a rebalance as the client's do."""

    log: MemoryLog
    most: int = 3
    positions: dict[Shelf, int] = field(default_factory=dict)
    unsent: list[Flag | Reject | Turn | Scheme | Evidence] = field(default_factory=list)
    known: set[Shelf] = field(default_factory=set)
    handed_over: Callable[[list[Shelf]], Mapping[Shelf, Committed]] = field(default=lambda _: {})
    lost: Callable[[list[Shelf]], None] = field(default=lambda _: None)

    def subscribe(
        self, handed_over: Callable[[list[Shelf]], Mapping[Shelf, Committed]], lost: Callable[[list[Shelf]], None]
    ) -> None:
        self.handed_over, self.lost = handed_over, lost
        self.log.share([*self.log.members, self])

    def hand_over(self) -> None:
        """What a rebalance does with a member that takes part in it."""
        positions = self.handed_over(sorted(self.known))
        self.known.clear()
        self._commit(positions)

    def poll(self, timeout_s: float) -> Mapping[Shelf, list[Record]]:
        self.log.reach()
        mine = {shelf for shelf, owner in self.log.owners.items() if owner is self}
        if gone := self.known - mine:
            self.known -= gone
            self.lost(sorted(gone))
        self.known |= mine
        polled = {}
        for shelf in sorted(mine):
            position = self.positions.get(shelf)
            if position is None:
                committed = self.log.commits.get(shelf)
                position = committed.position if committed else 0
            position = max(position, self.log.starts[shelf])
            found = [record for record in self.log.records[shelf] if record.offset >= position][: self.most]
            if found:
                polled[shelf] = found
                self.positions[shelf] = found[-1].offset + 1
        return polled

    def committed(self, shelf: Shelf) -> Committed | None:
        self.log.reach()
        return self.log.commits.get(shelf)

    def start(self, shelf: Shelf) -> int:
        self.log.reach()
        return self.log.starts[shelf]

    def end(self, shelf: Shelf) -> int:
        self.log.reach()
        return self.log.end(shelf)

    def seek(self, shelf: Shelf, position: int) -> None:
        self.positions[shelf] = position

    def partitions(self, topic: str) -> int:
        self.log.reach()
        return sum(shelf.topic == topic for shelf in self.log.records)

    def publish_flag(self, flag: Flag) -> None:
        self.log.reach()
        self.unsent.append(flag)

    def publish_evidence(self, record: Evidence) -> None:
        self.log.reach()
        self.unsent.append(record)

    def publish_scheme(self, scheme: Scheme) -> None:
        self.log.reach()
        self.unsent.append(scheme)

    def event_shelves(self) -> list[Shelf]:
        self.log.reach()
        return sorted(shelf for shelf in self.log.records if shelf.topic != EVIDENCE)

    def publish_reject(self, reject: Reject) -> None:
        self.log.reach()
        self.unsent.append(reject)

    def publish_turn(self, turn: Turn) -> None:
        self.log.reach()
        self.unsent.append(turn)

    def flush(self) -> None:
        self.log.reach()
        for one in self.unsent:
            if isinstance(one, Flag):
                self.log.flags.append(one)
            elif isinstance(one, Scheme):
                self.log.schemes.append(one)
            elif isinstance(one, Told):
                self.log.tell(one)
            elif isinstance(one, Turn):
                self.log.sides[CONTROL].append(control.encode(one))
            else:
                self.log.rejects.append(one)
        self.unsent.clear()
        self.log.journal.append("flushed")

    def commit(self, positions: Mapping[Shelf, Committed]) -> None:
        self.log.reach()
        # A group without members takes commits from outside, as Kafka does.
        if self.log.members and any(self.log.owners.get(shelf) is not self for shelf in positions):
            raise PartitionsLost("the group went on without this worker")
        self._commit(positions)

    def _commit(self, positions: Mapping[Shelf, Committed]) -> None:
        if positions:
            self.log.commits.update(positions)
            self.log.journal.append("begun" if {at.checkpoint for at in positions.values()} == {BEGUN} else "committed")

    def close(self) -> None:
        if self in self.log.members:
            self.hand_over()
            self.log.members.remove(self)
            self.log.share(self.log.members)


@dataclass
class MemorySides:
    """One worker's view of the side topics."""

    log: MemoryLog
    positions: Counter[str] = field(default_factory=Counter)

    def poll(self) -> Sequence[SideRecord]:
        return self.through(())

    def through(self, topics: Sequence[str]) -> Sequence[SideRecord]:
        self.log.reach()
        read = [
            SideRecord(topic, offset, self.log.sides[topic][offset])
            for topic in topics or SIDE_TOPICS
            for offset in range(self.positions[topic], len(self.log.sides[topic]))
        ]
        for record in read:
            self.positions[record.topic] = record.offset + 1
        return read

    def close(self) -> None:
        return None
