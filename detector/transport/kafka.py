"""The log through kafka-python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.errors import (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    KafkaConfigurationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from contract import control, evidence
from contract import flag as flags
from contract import reject as rejects
from contract import scheme as schemes
from contract.asking import polled
from contract.control import Turn
from contract.errors import ConfigurationError, FatalError, PartitionsLost, TransportUnavailable
from contract.evidence import Record as Evidence
from contract.flag import Flag
from contract.reject import Reject
from contract.scheme import Scheme
from contract.topics import CONTROL, EVENTS_PATTERN, EVIDENCE, FLAGS, SCHEMES, rejects_topic
from detector.decode import Record
from detector.transport.assignor import RoundRobin
from detector.transport.base import Committed, Shelf

_METADATA_MS: Final = 10_000
"""Five minutes by default: a new institution would stay unseen for as long."""
_COMMIT_MS: Final = 30_000
_ASK_MS: Final = 30_000
_CLOSE_MS: Final = 10_000
_BOOTSTRAP_MS: Final = 10_000
_BLOCK_MS: Final = 30_000
"""How long the client looks for a topic, or for room in its buffer, before it says so."""
_STALE: Final = (CommitFailedError, FencedInstanceIdError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)
"""How the broker says that the group went on without us."""
_FLUSH_S: Final = 30.0


class _Listener(AsyncConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python ships no types
    """Hands shards over inside the rebalance, while the broker still takes this member's commits.

    The client calls it on its own event loop, where its blocking methods cannot be used; so the commit is awaited.
    """

    def __init__(
        self, consumer: Any, handed_over: Callable[[list[Shelf]], Mapping[Shelf, Committed]], lost: Callable[[list[Shelf]], None]
    ) -> None:
        self._consumer = consumer
        self._handed_over = handed_over
        self._lost = lost

    async def on_partitions_revoked(self, revoked: Any) -> None:
        positions = self._handed_over([Shelf(tp.topic, tp.partition) for tp in revoked])
        if positions:
            coordinator = self._consumer._coordinator  # noqa: SLF001  there is no public awaitable commit
            await coordinator._commit_offsets_sync_async(_offsets(positions), _COMMIT_MS)  # noqa: SLF001

    async def on_partitions_lost(self, lost: Any) -> None:
        """Too late to commit: another member has them."""
        self._lost([Shelf(tp.topic, tp.partition) for tp in lost])

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Nothing: a shard is opened when its first records come, outside the client's loop."""


@contextmanager
def _answered(what: str) -> Iterator[None]:
    """The client's errors as ours."""
    try:
        yield
    except _STALE as error:
        raise PartitionsLost(f"the group went on without this worker ({type(error).__name__})") from error
    except KafkaError as error:
        raise TransportUnavailable(f"{what} ({type(error).__name__})") from error


def _offsets(positions: Mapping[Shelf, Committed]) -> dict[Any, Any]:
    return {TopicPartition(*shelf): OffsetAndMetadata(at.position, at.checkpoint, -1) for shelf, at in positions.items()}


class KafkaTransport:
    """One group member's consumer and producer. Offsets are committed by hand, always with a checkpoint's name.

    ``pattern`` names the topics that its group shares.
    """

    def __init__(
        self, servers: str, group: str, poll_records: int, *, session_s: float = 45.0, pattern: str = EVENTS_PATTERN
    ) -> None:
        self._pattern = pattern
        common = {"bootstrap_servers": servers.split(","), "client_id": "fundwatch-detect", "bootstrap_timeout_ms": _BOOTSTRAP_MS}
        self._pending: list[Any] = []
        try:
            self._consumer: Any = KafkaConsumer(
                **common,
                group_id=group,
                # Without a checkpoint a shard begins with the log's first record, never with its newest.
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                metadata_max_age_ms=_METADATA_MS,
                max_poll_records=poll_records,
                max_partition_fetch_bytes=8 * 1024 * 1024,
                # The range assignor would put every one-partition topic on the first worker.
                partition_assignment_strategy=[RoundRobin],
                max_poll_interval_ms=600_000,
                session_timeout_ms=int(session_s * 1000),
                heartbeat_interval_ms=int(session_s * 1000 / 10),
            )
        except (KafkaConfigurationError, ValueError) as error:
            raise ConfigurationError("--kafka must be HOST:PORT[,HOST:PORT…]") from error
        except KafkaError as error:
            raise TransportUnavailable(f"no broker answers at {servers}") from error
        try:
            self._producer: Any = KafkaProducer(
                **common,
                acks="all",
                enable_idempotence=True,
                compression_type="zstd",
                linger_ms=20,
                batch_size=256 * 1024,
                delivery_timeout_ms=3_600_000,
                max_block_ms=_BLOCK_MS,
            )
        except KafkaError as error:
            self._consumer.close(autocommit=False)
            raise TransportUnavailable(f"no broker answers at {servers}") from error

    def subscribe(
        self, handed_over: Callable[[list[Shelf]], Mapping[Shelf, Committed]], lost: Callable[[list[Shelf]], None]
    ) -> None:
        """Join the group for every topic of the pattern, those that come later too."""
        self._consumer.subscribe(pattern=self._pattern, listener=_Listener(self._consumer, handed_over, lost))

    def poll(self, timeout_s: float) -> Mapping[Shelf, list[Record]]:
        """The next records by partition; a client that finds nobody to ask would only say that there are none."""
        with _answered("the broker cannot be reached"):
            found = polled(self._consumer, timeout_s)
        if not found and self._consumer._coordinator.coordinator_unknown():  # noqa: SLF001  nothing public tells it
            raise TransportUnavailable("no broker coordinates the group")
        return {
            Shelf(tp.topic, tp.partition): [
                Record(r.topic, r.partition, r.offset, r.timestamp, r.headers or (), r.value or b"") for r in records
            ]
            for tp, records in found.items()
        }

    def committed(self, shelf: Shelf) -> Committed | None:
        """Where the group stands."""
        with _answered("the broker tells no commit"):
            found = self._consumer.committed(TopicPartition(*shelf), metadata=True, timeout_ms=_ASK_MS)
        if found is None or found.offset < 0:
            return None
        return Committed(found.offset, found.metadata or "")

    def start(self, shelf: Shelf) -> int:
        """Offset at which the log of a partition begins."""
        place = TopicPartition(*shelf)
        with _answered("the broker tells no offset"):
            return int(self._consumer.beginning_offsets([place], timeout_ms=_ASK_MS)[place])

    def end(self, shelf: Shelf) -> int:
        """Offset at which the next record of a partition will stand."""
        place = TopicPartition(*shelf)
        with _answered("the broker tells no offset"):
            return int(self._consumer.end_offsets([place], timeout_ms=_ASK_MS)[place])

    def seek(self, shelf: Shelf, position: int) -> None:
        """Go on reading a partition of ours at ``position``."""
        self._consumer.seek(TopicPartition(*shelf), position)

    def partitions(self, topic: str) -> int:
        """Partition count of a topic."""
        found = self._consumer.partitions_for_topic(topic)
        if not found:
            raise TransportUnavailable(f"the broker does not know {topic}")
        return len(found)

    def publish_flag(self, flag: Flag) -> None:
        """Hand a flag revision over, keyed by its id."""
        self._send(FLAGS, flags.encode(flag), flag.flag_id.encode())

    def publish_evidence(self, record: Evidence) -> None:
        """Hand evidence over, keyed by its account; the idempotent producer keeps the order."""
        self._send(EVIDENCE, evidence.encode(record), evidence.key_of(record).encode())

    def publish_scheme(self, scheme: Scheme) -> None:
        """Hand a scheme revision over, keyed by its id."""
        self._send(SCHEMES, schemes.encode(scheme), scheme.scheme_id.encode())

    def event_shelves(self) -> list[Shelf]:
        """Every partition of every institution's event topic that exists now."""
        with _answered("the broker tells no topics"):
            found = sorted(topic for topic in self._consumer.topics() if re.match(EVENTS_PATTERN, topic))
            return [
                Shelf(topic, partition)
                for topic in found
                for partition in sorted(self._consumer.partitions_for_topic(topic) or ())
            ]

    def has(self, topic: str) -> bool:
        """Whether the broker has a topic; none is made by asking."""
        with _answered("the broker tells no topics"):
            return topic in self._consumer.topics()

    def publish_reject(self, reject: Reject) -> None:
        """Hand a reject over to its institution's topic."""
        self._send(rejects_topic(reject.institution_code), rejects.encode(reject), None)

    def publish_turn(self, turn: Turn) -> None:
        """Hand over which side inputs took effect at a turn."""
        self._send(CONTROL, control.encode(turn), None)

    def _send(self, topic: str, value: bytes, key: bytes | None) -> None:
        try:
            self._pending.append(self._producer.send(topic, value=value, key=key))
        except KafkaError as error:
            name = type(error).__name__
            raise TransportUnavailable(f"the broker takes nothing for {topic} ({name}): is there such a topic?") from error

    def flush(self) -> None:
        """Wait until all that was handed over is acknowledged; may be called again after it failed."""
        try:
            self._producer.flush(timeout=_FLUSH_S)
        except KafkaError as error:
            raise TransportUnavailable("the broker acknowledges nothing") from error
        waiting = [future for future in self._pending if not future.is_done]
        if waiting:
            self._pending = waiting
            raise TransportUnavailable("the broker acknowledges nothing")
        failed = [future for future in self._pending if future.failed()]
        self._pending = []
        if failed:
            raise FatalError(f"the broker refused {len(failed)} records ({type(failed[0].exception).__name__})")

    def commit(self, positions: Mapping[Shelf, Committed]) -> None:
        """Commit positions, the checkpoint's name as metadata; the broker refuses a worker that lost the partition."""
        with _answered("the broker took no commit"):
            self._consumer.commit(_offsets(positions), timeout_ms=_COMMIT_MS)

    def close(self) -> None:
        """Leave the group."""
        self._producer.close(timeout=5)
        self._consumer.close(autocommit=False, timeout_ms=_CLOSE_MS)
