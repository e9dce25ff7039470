"""One institution's topic through kafka-python; the one file of this side that knows the client."""

from __future__ import annotations

from typing import Any, Final

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaConfigurationError, KafkaError, TopicAlreadyExistsError, for_code

from contract.errors import ConfigurationError, TransportUnavailable
from contract.records import ContentType, RecordKind, headers
from contract.topics import events_topic, institution_topics
from producers.config import ProducerSettings

_UNKNOWN_TOPIC: Final = 3
_LINGER_MS: Final = 20
_BATCH_BYTES: Final = 512 * 1024
"""Several records of a partition share a request. Under the broker's 1 MB, which it applies after compression."""
_TRY_MS: Final = 5000


class KafkaReceipt:
    """What the client's future knows of one record."""

    __slots__ = ("_future",)

    def __init__(self, future: Any) -> None:
        self._future = future

    def done(self) -> bool:
        """Whether the broker acknowledged the record or the client gave it up."""
        return bool(self._future.is_done)

    def wait(self, seconds: float) -> bool:
        """Wait for the acknowledgement; raises ``TransportUnavailable`` for a record that will get none."""
        if not self._future.is_done:
            try:
                self._future.get(timeout=seconds)
            except KafkaError:
                if not self._future.is_done:
                    return False
        if self._future.failed():
            name = type(self._future.exception).__name__
            raise TransportUnavailable(f"the broker did not take a record ({name})") from self._future.exception
        return True

    def offset(self) -> int:
        """Where the acknowledged record stands."""
        return int(self._future.value.offset)


class KafkaLog:
    """An institution's topic, written by an idempotent client that waits for all replicas and keeps order.

    ``ends`` is where each partition ended when this was opened; ``identity`` tells a topic that was made again from the
    one before, empty where the broker does not say it.

    Parameters
    ----------
    create
        Partition count to create the institution's topics with where they are missing; a topic that exists stays as it is.

    Raises
    ------
    ConfigurationError
        The topic is missing and may not be created.
    TransportUnavailable
        No broker answers within ``connect_timeout``.
    """

    def __init__(self, settings: ProducerSettings, institution: str, *, create: int | None = None) -> None:
        self._topic = events_topic(institution)
        self._common = _connection(settings)
        try:
            self.partitions = self._found(institution, create)
            self._producer: Any = KafkaProducer(
                **self._common,
                acks="all",
                enable_idempotence=True,
                compression_type="zstd",
                linger_ms=_LINGER_MS,
                batch_size=_BATCH_BYTES,
                # A broker that is away is waited for; nothing is given up before.
                delivery_timeout_ms=int(settings.delivery_timeout.total_seconds() * 1000),
                max_block_ms=int(settings.delivery_timeout.total_seconds() * 1000),
                reconnect_backoff_max_ms=_TRY_MS,
                # A topic made by a typing error would hold movements that nobody reads.
                allow_auto_create_topics=False,
            )
        except (KafkaConfigurationError, ValueError) as error:
            raise ConfigurationError(f"--kafka cannot be used: {error}") from error
        except KafkaError as error:
            raise TransportUnavailable(f"no broker answers at {settings.kafka}") from error

    def _found(self, institution: str, create: int | None) -> int:
        admin = KafkaAdminClient(**self._common)
        try:
            count = _partitions(admin, self._topic)
            if count is None and create is not None:
                _create(admin, institution, create)
                count = _partitions(admin, self._topic)
            if count is not None:
                self.ends = _ends(admin, self._topic, count)
                self.identity = _identity(admin, self._topic)
        finally:
            admin.close()
        if count is None:
            raise ConfigurationError(
                f"the broker has no topic {self._topic}: make it with 'fundwatch topics create --institution {institution}=N' "
                "or give --create-topics N"
            )
        return count

    def send(self, partition: int, value: bytes, kind: RecordKind, content: ContentType) -> KafkaReceipt:
        """Append one record without a key; its time is now by this machine's clock."""
        try:
            future = self._producer.send(self._topic, value=value, partition=partition, headers=headers(kind, content))
        except KafkaError as error:
            raise TransportUnavailable(f"the broker took no record ({type(error).__name__})") from error
        return KafkaReceipt(future)

    def close(self) -> None:
        """Let go of the broker; records without an acknowledgement are given up, so wait for receipts first."""
        self._producer.close(timeout=1)


def _connection(settings: ProducerSettings) -> dict[str, Any]:
    if not settings.kafka:
        raise ConfigurationError("give the broker with --kafka HOST:PORT or PRODUCER_KAFKA")
    common: dict[str, Any] = {
        "bootstrap_servers": settings.kafka.split(","),
        "client_id": "fundwatch-produce",
        "bootstrap_timeout_ms": int(settings.connect_timeout.total_seconds() * 1000),
        "security_protocol": settings.security_protocol,
    }
    if settings.ca_file:
        common["ssl_cafile"] = str(settings.ca_file)
    if settings.sasl_mechanism and settings.password:
        common["sasl_mechanism"] = settings.sasl_mechanism
        common["sasl_plain_username"] = settings.username
        common["sasl_plain_password"] = settings.password.get_secret_value()
    return common


def _partitions(admin: Any, topic: str) -> int | None:
    for found in admin.describe_topics([topic]):
        if found["name"] != topic:
            continue
        if found["error_code"] == _UNKNOWN_TOPIC:
            return None
        if found["error_code"]:
            raise for_code(found["error_code"])(topic)
        return len(found["partitions"])
    return None


def _identity(admin: Any, topic: str) -> str:
    [found] = admin.describe_topics([topic])
    return str(found.get("topic_id") or "")


def _ends(admin: Any, topic: str, partitions: int) -> dict[int, int]:
    wanted = {TopicPartition(topic, partition): OffsetSpec.LATEST for partition in range(partitions)}
    return {place.partition: found.offset for place, found in admin.list_partition_offsets(wanted).items()}


def _create(admin: Any, institution: str, partitions: int) -> None:
    wanted = {
        one.name: {"num_partitions": one.partitions, "replication_factor": -1, "configs": one.settings}
        for one in institution_topics(institution, partitions)
    }
    for name, how in wanted.items():
        try:
            admin.create_topics({name: how}, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            continue
