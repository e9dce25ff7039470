"""The side topics through kafka-python: read whole by every worker, without a group."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from contract.errors import ConfigurationError, TransportUnavailable
from detector.sides.consumed import SIDE_TOPICS
from detector.sides.desk import SideRecord

_BOOTSTRAP_MS: Final = 10_000
_ASK_MS: Final = 30_000
_THROUGH_S: Final = 60.0
"""How long the topics' ends are read for before the broker counts as away; what was read by then is kept."""


class KafkaSides:
    """A consumer of the one partition of each side topic, from its beginning.

    ``missing`` names topics that the broker does not have; where any is missing nothing is read, and none is made by asking.
    """

    def __init__(self, servers: str) -> None:
        try:
            self._consumer: Any = KafkaConsumer(
                bootstrap_servers=servers.split(","),
                client_id="fundwatch-sides",
                group_id=None,
                bootstrap_timeout_ms=_BOOTSTRAP_MS,
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                # A turn of a day waits for what it has recorded to come back.
                fetch_max_wait_ms=50,
            )
            known = self._consumer.topics()
        except KafkaError as error:
            raise TransportUnavailable(f"no broker answers at {servers}") from error
        self.missing = [topic for topic in SIDE_TOPICS if topic not in known]
        if self.exist:
            self._begin()

    def _begin(self) -> None:
        for topic in SIDE_TOPICS:
            if len(self._consumer.partitions_for_topic(topic) or ()) > 1:
                raise ConfigurationError(f"{topic} has several partitions: its order is read from one")
        self._consumer.assign([TopicPartition(topic, 0) for topic in SIDE_TOPICS])

    @property
    def exist(self) -> bool:
        """Whether the broker has all of the side topics."""
        return not self.missing

    def poll(self) -> Sequence[SideRecord]:
        """What came since, without waiting."""
        try:
            return _records(self._consumer.poll(timeout_ms=0, max_records=10_000))
        except KafkaError as error:
            raise TransportUnavailable("the side topics cannot be read") from error

    def through(self, topics: Sequence[str]) -> Sequence[SideRecord]:
        """What came since, up to where these topics end now at least."""
        places = [TopicPartition(topic, 0) for topic in topics]
        read: list[SideRecord] = []
        until = time.monotonic() + _THROUGH_S
        try:
            ends = self._consumer.end_offsets(places, timeout_ms=_ASK_MS)
            while any(self._consumer.position(place, timeout_ms=_ASK_MS) < ends[place] for place in places):
                if time.monotonic() > until:
                    raise TransportUnavailable("the side topics cannot be read to their ends")
                read += _records(self._consumer.poll(timeout_ms=200, max_records=10_000))
        except (KafkaError, TransportUnavailable) as error:
            self._back_to(read)
            raise TransportUnavailable("the side topics cannot be read") from error
        return read

    def _back_to(self, read: Sequence[SideRecord]) -> None:
        """Nothing of what was read is given: it is to be read again."""
        first: dict[str, int] = {}
        for record in read:
            first.setdefault(record.topic, record.offset)
        for topic, offset in first.items():
            self._consumer.seek(TopicPartition(topic, 0), offset)

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close(autocommit=False, timeout_ms=1000)


def _records(polled: Mapping[Any, Sequence[Any]]) -> list[SideRecord]:
    return [SideRecord(record.topic, record.offset, record.value) for records in polled.values() for record in records]
