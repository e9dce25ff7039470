"""What has become of the stream, seen past every proxy: commits, the flags topic and the ledger's rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from contract.topics import FLAGS, events_topic

DETECTORS: Final = "fundwatch-detect"
LEDGER: Final = "fundwatch-ledger-"
PATIENCE_S: Final = 60.0
T = TypeVar("T")


@dataclass(slots=True)
class Watch:
    """Reads the broker and the database directly; waits for them where a fault has them down."""

    kafka: str
    database: str
    partitions: int
    institutions: list[str] = field(default_factory=list)
    published: dict[bytes, int] = field(default_factory=dict)
    _consumer: Any = None
    _admin: Any = None
    _ledger: str | None = None

    def detector_lag(self) -> dict[TopicPartition, int]:
        """Records of the institutions' topics that no commit covers, by partition; partitions without any left out."""
        topics = [TopicPartition(events_topic(code), number) for code in self.institutions for number in range(self.partitions)]
        return self._lag(DETECTORS, topics)

    def ledger_lag(self) -> int:
        """Records of the flags topic that the ledger has not committed."""
        if self._ledger is None:
            with suppress(psycopg.Error), psycopg.connect(self._plain) as connection:
                found = connection.execute("SELECT ledger_id FROM ledger").fetchone()
                self._ledger = LEDGER + found[0] if found else None
        if self._ledger is None:
            return 1
        return sum(self._lag(self._ledger, [TopicPartition(FLAGS, number) for number in range(3)]).values())

    def committed(self) -> dict[TopicPartition, Any]:
        """The detectors' commits, checkpoint names as metadata."""
        return self._asked(lambda: dict(self._admin.list_group_offsets({DETECTORS: None})[DETECTORS]))

    def _lag(self, group: str, topics: list[TopicPartition]) -> dict[TopicPartition, int]:
        def ask() -> dict[TopicPartition, int]:
            ends = self._consumer.end_offsets(topics, timeout_ms=10_000)
            done = self._admin.list_group_offsets({group: None})[group]
            behind = {one: ends[one] - (done[one].offset if one in done else 0) for one in topics}
            return {one: lag for one, lag in behind.items() if lag > 0}

        return self._asked(ask)

    def read_flags(self) -> None:
        """Read on in the flags topic until its end; counts how often each revision came."""

        def read() -> None:
            shelves = [TopicPartition(FLAGS, number) for number in range(3)]
            ends = self._consumer.end_offsets(shelves, timeout_ms=10_000)
            deadline = time.monotonic() + 10.0
            while any(self._consumer.position(one, timeout_ms=10_000) < ends[one] for one in shelves):
                for records in self._consumer.poll(timeout_ms=500).values():
                    for record in records:
                        self.published[record.value] = self.published.get(record.value, 0) + 1
                if time.monotonic() > deadline:
                    raise KafkaError("the flags topic cannot be read to its end")

        self._asked(read)

    def stored(self) -> tuple[dict[tuple[str, int], bytes], dict[str, bytes]]:
        """The ledger's revisions by flag and revision, and the current document of every flag."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with psycopg.connect(self._plain, connect_timeout=5) as connection:
                    revisions = connection.execute("SELECT flag_id, revision, document FROM flag_revisions").fetchall()
                    current = connection.execute("SELECT flag_id, document FROM flags").fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return {(row[0], row[1]): bytes(row[2]) for row in revisions}, {row[0]: bytes(row[1]) for row in current}

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
            consumer.assign([TopicPartition(FLAGS, number) for number in range(3)])
            self._consumer = consumer

    def close(self) -> None:
        """Let go of the broker."""
        for client in (self._consumer, self._admin):
            if client is not None:
                client.close()
