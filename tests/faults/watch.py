"""What has become of the stream, seen past every proxy: commits, topics of flags, schemes and evidence, the ledger's rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from contract import evidence
from contract.evidence import EXPECTED, DayMark
from contract.topics import EVIDENCE, FLAGS, SCHEMES, events_topic
from detector.schemes.ticks import Shard

DETECTORS: Final = "fundwatch-detect"
SCHEME_PROCESSES: Final = "fundwatch-schemes"
LEDGER: Final = "fundwatch-ledger-"
TOLD: Final = TopicPartition(EVIDENCE, 0)
SAID: Final = (*(TopicPartition(FLAGS, number) for number in range(3)), TopicPartition(SCHEMES, 0))
PATIENCE_S: Final = 60.0
T = TypeVar("T")


Revisions = dict[tuple[str, int], bytes]
"""Revisions of flags or of schemes by id and number."""


class Stored(NamedTuple):
    """What the ledger holds of flags or of schemes: every revision, and the current document of each."""

    revisions: Revisions
    current: dict[str, bytes]


@dataclass(slots=True)
class Marks:
    """Which shards are waited for from when on, as every reader of the evidence topic sees it.

    ``joined`` are shards in the order in which the log first marked them, with the newest day that was judged before.
    """

    joined: list[tuple[Shard, int]] = field(default_factory=list)
    judged: int = EXPECTED
    days: dict[Shard, int] = field(default_factory=dict)

    def expect(self, institution: str, partitions: int) -> None:
        """Wait for an institution that is there before anything is sent."""
        self.days |= {(institution, number): EXPECTED for number in range(partitions)}

    def take(self, mark: DayMark) -> None:
        """Read on."""
        shard = (mark.institution_code, mark.partition)
        if shard not in self.days:
            self.joined.append((shard, self.judged))
        self.days[shard] = max(self.days.get(shard, EXPECTED), mark.day)
        self.judged = max(self.judged, min(self.days.values()))


@dataclass(slots=True)
class Watch:
    """Reads the broker and the database directly; waits for them where a fault has them down."""

    kafka: str
    database: str
    partitions: int
    institutions: list[str] = field(default_factory=list)
    published: dict[str, dict[bytes, int]] = field(default_factory=lambda: {FLAGS: {}, SCHEMES: {}})
    """By topic how often each revision came."""
    marks: Marks = field(default_factory=Marks)
    evidence: int = 0
    _consumer: Any = None
    _admin: Any = None
    _ledger: str | None = None

    def detector_lag(self) -> dict[TopicPartition, int]:
        """Records of the institutions' topics that no commit covers, by partition; partitions without any left out."""
        topics = [TopicPartition(events_topic(code), number) for code in self.institutions for number in range(self.partitions)]
        return self._lag(DETECTORS, topics)

    def scheme_lag(self) -> int:
        """Records of the evidence topic that the scheme process has not committed."""
        return sum(self._lag(SCHEME_PROCESSES, [TOLD]).values())

    def ledger_lag(self) -> int:
        """Records of the topics of flags and schemes that the ledger has not committed."""
        if self._ledger is None:
            with suppress(psycopg.Error), psycopg.connect(self._plain) as connection:
                found = connection.execute("SELECT ledger_id FROM ledger").fetchone()
                self._ledger = LEDGER + found[0] if found else None
        if self._ledger is None:
            return 1
        return sum(self._lag(self._ledger, list(SAID)).values())

    def committed(self, group: str = DETECTORS) -> dict[TopicPartition, Any]:
        """A group's commits, checkpoint names as metadata."""
        return self._asked(lambda: dict(self._admin.list_group_offsets({group: None})[group]))

    def _lag(self, group: str, topics: list[TopicPartition]) -> dict[TopicPartition, int]:
        def ask() -> dict[TopicPartition, int]:
            ends = self._consumer.end_offsets(topics, timeout_ms=10_000)
            done = self._admin.list_group_offsets({group: None})[group]
            behind = {one: ends[one] - (done[one].offset if one in done else 0) for one in topics}
            return {one: lag for one, lag in behind.items() if lag > 0}

        return self._asked(ask)

    def read(self) -> None:
        """Read on in the topics of flags, schemes and evidence until their ends."""

        def read() -> None:
            shelves = [*SAID, TOLD]
            ends = self._consumer.end_offsets(shelves, timeout_ms=10_000)
            deadline = time.monotonic() + 30.0
            while any(self._consumer.position(one, timeout_ms=10_000) < ends[one] for one in shelves):
                for shelf, records in self._consumer.poll(timeout_ms=500, max_records=5000).items():
                    for record in records:
                        self._take(shelf.topic, record.value)
                if time.monotonic() > deadline:
                    raise KafkaError("the topics cannot be read to their ends")

        self._asked(read)

    def _take(self, topic: str, value: bytes) -> None:
        if topic == EVIDENCE:
            self.evidence += 1
            told = evidence.decode(value)
            if isinstance(told, DayMark):
                self.marks.take(told)
        else:
            counted = self.published[topic]
            counted[value] = counted.get(value, 0) + 1

    def stored(self) -> dict[str, Stored]:
        """What the ledger holds, by topic."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with psycopg.connect(self._plain, connect_timeout=5) as connection:
                    flags = connection.execute("SELECT flag_id, revision, document FROM flag_revisions").fetchall()
                    rows = connection.execute("SELECT flag_id, document FROM flags").fetchall()
                    schemes = connection.execute("SELECT scheme_id, revision, document FROM scheme_revisions").fetchall()
                    current = connection.execute("SELECT scheme_id, document FROM schemes").fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return {FLAGS: _stored(flags, rows), SCHEMES: _stored(schemes, current)}

    @property
    def _plain(self) -> str:
        return self.database.replace("+psycopg", "")

    def _asked(self, ask: Callable[[], T]) -> T:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._connect()
                return ask()
            except (KafkaError, KeyError):  # the client's KeyError: a partition that it has not heard of yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _connect(self) -> None:
        if self._admin is None:
            self._admin = KafkaAdminClient(bootstrap_servers=self.kafka)
        if self._consumer is None:
            consumer: Any = KafkaConsumer(
                bootstrap_servers=self.kafka, auto_offset_reset="earliest", group_id=None, enable_auto_commit=False
            )
            consumer.assign([*SAID, TOLD])
            self._consumer = consumer

    def close(self) -> None:
        """Let go of the broker."""
        for client in (self._consumer, self._admin):
            if client is not None:
                client.close()


def _stored(revisions: list[tuple[Any, ...]], current: list[tuple[Any, ...]]) -> Stored:
    return Stored({(row[0], row[1]): bytes(row[2]) for row in revisions}, {row[0]: bytes(row[1]) for row in current})
