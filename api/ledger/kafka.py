"""The topics of flags, schemes and rejects through kafka-python; the one file of this side that knows the client."""

from __future__ import annotations

import time
from typing import Any, Final

from kafka import KafkaConsumer
from kafka.errors import KafkaError

from api.ledger.source import FlagRecord
from contract.asking import polled
from contract.errors import TransportUnavailable
from contract.topics import LEDGER_PATTERN

_MOST_RECORDS: Final = 2000
"""A commit of offsets a poll; how many transactions that are, ``Pace`` decides."""
_PROBE_S: Final = 5.0
"""How often a silent broker is asked whether it still lives: the client's poll says nothing when it does not."""
_CONNECT_MS: Final = 3000


class KafkaFlags:
    """All of them as one consumer group a ledger, from the log's start, offsets committed by hand."""

    def __init__(self, servers: str, group: str, *, session_s: float = 45.0) -> None:
        self._probe_at = time.monotonic() + _PROBE_S
        try:
            self._consumer: Any = KafkaConsumer(
                bootstrap_servers=servers.split(","),
                group_id=group,
                client_id="fundwatch-ledger",
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                # Five minutes by default: a topic made after us would stay unseen for as long.
                metadata_max_age_ms=10_000,
                bootstrap_timeout_ms=_CONNECT_MS,
                max_poll_records=_MOST_RECORDS,
                # The ledger may wait for its database longer than the client's five minutes.
                max_poll_interval_ms=3_600_000,
                session_timeout_ms=int(session_s * 1000),
                heartbeat_interval_ms=int(session_s * 1000 / 10),
            )
            # By pattern: an institution that joins brings a topic of rejects along.
            self._consumer.subscribe(pattern=LEDGER_PATTERN)
        except KafkaError as error:
            raise TransportUnavailable("the broker cannot be reached") from error

    def poll(self, *, timeout_s: float) -> list[FlagRecord]:
        """The next records; raises ``TransportUnavailable`` where the broker is gone."""
        try:
            found = polled(self._consumer, timeout_s)
            if not found:
                self._probe()
        except KafkaError as error:
            raise TransportUnavailable("the broker cannot be reached") from error
        return [
            FlagRecord(record.topic, record.partition, record.offset, record.timestamp, record.value)
            for records in found.values()
            for record in records
        ]

    def commit(self) -> None:
        """Commit what was polled; raises ``TransportUnavailable`` where the group or the broker refuses."""
        try:
            self._consumer.commit(timeout_ms=10_000)
        except KafkaError as error:
            raise TransportUnavailable("the broker took no commit") from error

    def lag_records(self) -> int:
        """Records behind the log's known end."""
        lag = 0
        for partition in self._consumer.assignment():
            end = self._consumer.highwater(partition)
            if end is not None:
                lag += max(0, end - self._consumer.position(partition, timeout_ms=1000))
        return lag

    def close(self) -> None:
        """Leave the group without a commit."""
        self._consumer.close(autocommit=False, timeout_ms=3000)

    def _probe(self) -> None:
        now = time.monotonic()
        if now < self._probe_at:
            return
        self._probe_at = now + _PROBE_S
        partitions = list(self._consumer.assignment())
        if partitions:
            self._consumer.end_offsets(partitions, timeout_ms=_CONNECT_MS)
        elif self._consumer._coordinator.coordinator_unknown():  # noqa: SLF001  nothing public tells it
            # Without partitions there is no end to ask for: the group may still be forming, or others hold them all.
            raise TransportUnavailable("no broker coordinates the group")
