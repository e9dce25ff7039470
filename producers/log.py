"""The log a stream of records goes into, as the publisher needs it: counted partitions, ordered sends, receipts."""

from __future__ import annotations

from typing import Protocol

from contract.records import ContentType, RecordKind


class Receipt(Protocol):
    """The fate of one record that was handed over."""

    def done(self) -> bool:
        """Whether its fate is known."""

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds`` for the acknowledgement; False where it is still to come.

        Raises ``TransportUnavailable`` when the record was refused or is given up.
        """

    def offset(self) -> int:
        """Where an acknowledged record stands in its partition."""


class Log(Protocol):
    """One institution's topic. Records of one partition keep the order in which they were sent."""

    partitions: int

    def send(self, partition: int, value: bytes, kind: RecordKind, content: ContentType) -> Receipt:
        """Hand one record over without waiting for its acknowledgement."""
