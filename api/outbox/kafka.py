"""The topics of verdicts and watch list through kafka-python, for sending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kafka import KafkaProducer
from kafka.errors import KafkaError

from api.outbox.repository import Waiting
from contract.errors import TransportUnavailable

_CONNECT_MS: Final = 3000
_BLOCK_MS: Final = 10_000
_SEND_S: Final = 60.0
"""How long a send may last; well below the time after which another process takes over."""


class KafkaSink:
    """An idempotent producer that keeps the order of what it is given."""

    def __init__(self, servers: str) -> None:
        try:
            self._producer: Any = KafkaProducer(
                bootstrap_servers=servers.split(","),
                client_id="fundwatch-outbox",
                bootstrap_timeout_ms=_CONNECT_MS,
                acks="all",
                enable_idempotence=True,
                allow_auto_create_topics=False,
                max_block_ms=_BLOCK_MS,
                delivery_timeout_ms=int(_SEND_S * 1000),
                request_timeout_ms=30_000,
            )
        except KafkaError as error:
            raise TransportUnavailable("the broker cannot be reached") from error

    def send(self, records: Sequence[Waiting]) -> None:
        """Send records in order and wait until all are acknowledged; raises ``TransportUnavailable`` where not all are."""
        try:
            pending = [self._producer.send(one.topic, value=one.value, key=one.key.encode()) for one in records]
            self._producer.flush(timeout=_SEND_S)
        except KafkaError as error:
            raise TransportUnavailable(f"the broker takes no verdicts and watch list ({type(error).__name__})") from error
        if not all(future.is_done and not future.failed() for future in pending):
            raise TransportUnavailable("the broker acknowledged not all of the outbox")

    def close(self) -> None:
        """Close at once: what is not acknowledged is sent again."""
        self._producer.close(timeout=1)
