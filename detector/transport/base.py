"""What the worker asks of a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from contract.control import Turn
from contract.evidence import Record as Evidence
from contract.flag import Flag
from contract.reject import Reject
from contract.scheme import Scheme
from detector.decode import Record


class Shelf(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


class Committed(NamedTuple):
    """Where a group stands in a partition, and the name of the checkpoint that goes with it."""

    position: int
    checkpoint: str


class Transport(Protocol):
    """A group member's view of the log; every method raises ``TransportUnavailable`` where the broker is away."""

    def subscribe(
        self, handed_over: Callable[[list[Shelf]], Mapping[Shelf, Committed]], lost: Callable[[list[Shelf]], None]
    ) -> None:
        """Join the group.

        ``handed_over`` gives what is to be committed of partitions that are taken away; ``lost`` is told of those that
        are another's already, where nothing can be committed any more.
        """

    def poll(self, timeout_s: float) -> Mapping[Shelf, list[Record]]:
        """The next records by partition, each in order."""

    def committed(self, shelf: Shelf) -> Committed | None:
        """Where the group stands, ``None`` where it never was."""

    def start(self, shelf: Shelf) -> int:
        """Offset at which the log of a partition begins."""

    def end(self, shelf: Shelf) -> int:
        """Offset at which the next record of a partition will stand."""

    def seek(self, shelf: Shelf, position: int) -> None:
        """Go on reading a partition of ours at ``position``."""

    def partitions(self, topic: str) -> int:
        """Partition count of a topic."""

    def publish_flag(self, flag: Flag) -> None:
        """Hand a flag revision over."""

    def publish_evidence(self, record: Evidence) -> None:
        """Hand over what the scheme process must be told; records of one member keep their order."""

    def publish_scheme(self, scheme: Scheme) -> None:
        """Hand a scheme revision over."""

    def event_shelves(self) -> list[Shelf]:
        """Every partition of every institution's event topic that exists now."""

    def publish_reject(self, reject: Reject) -> None:
        """Hand a reject over."""

    def publish_turn(self, turn: Turn) -> None:
        """Hand over which side inputs took effect at a turn."""

    def flush(self) -> None:
        """Wait until all that was handed over is acknowledged."""

    def commit(self, positions: Mapping[Shelf, Committed]) -> None:
        """Commit positions with their checkpoints; raises ``PartitionsLost`` where they are another's by now."""

    def close(self) -> None:
        """Leave the group."""
