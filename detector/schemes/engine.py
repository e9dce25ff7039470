"""The scheme engine: evidence and day marks in, revisions of schemes and of member flags out; pure, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec

from contract.evidence import Record
from contract.flag import Flag
from contract.scheme import Scheme
from detector.catalogue import Catalogue
from detector.schemes.ticks import SILENT_DAYS, Shard, Ticks, TickState


@dataclass(slots=True)
class SchemeOutput:
    """What a record brought: revisions in the order in which they were decided."""

    schemes: list[Scheme] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


class SchemeEngine:
    """Schemes over all shards of all institutions; one writer.

    The same records in the same order of each shard give the same schemes and member flags, however shards' records lie
    between each other (see ``Ticks``), whatever is sent again, and wherever it is restored from ``state``.
    """

    def __init__(self, catalogue: Catalogue, *, silent_days: int = SILENT_DAYS) -> None:
        self._catalogue = catalogue
        self._ticks = Ticks(silent_days)

    def expect(self, shards: list[Shard]) -> None:
        """Wait for these (institution, partition) though nothing has come of them yet."""
        self._ticks.expect(shards)

    @property
    def silent_days(self) -> int:
        """How far a shard may stand behind the newest mark and be waited for."""
        return self._ticks.silent_days

    @property
    def standing(self) -> Mapping[Shard, int]:
        """The newest day that each known shard has marked; far in the past for one that is only expected."""
        return self._ticks.state.marks

    @property
    def judged(self) -> int | None:
        """The newest day that was judged, None before the first."""
        return self._ticks.state.judged

    def take(self, record: Record, *, patient: bool = False) -> SchemeOutput:
        """Take one record; only a day mark that completes a day brings anything.

        A ``patient`` caller waits for shards that fall silent however long: right while a backlog is read, in which shards
        stand days apart though none is silent.
        """
        output = SchemeOutput()
        for day in self._ticks.take(record, patient=patient):
            self._judge(day, output)
        return output

    def _judge(self, day: int, output: SchemeOutput) -> None:
        self._ticks.read(day)
        output.schemes += []

    def state(self) -> dict[str, Any]:
        """The whole state for a checkpoint: arrays and bytes by name."""
        return {"ticks": msgspec.msgpack.encode(self._ticks.state)}

    @classmethod
    def restore(cls, catalogue: Catalogue, state: dict[str, Any], *, silent_days: int = SILENT_DAYS) -> Self:
        """An engine that goes on exactly where ``state`` was taken."""
        engine = cls(catalogue, silent_days=silent_days)
        engine._ticks.state = msgspec.msgpack.decode(bytes(state["ticks"]), type=TickState)
        return engine
