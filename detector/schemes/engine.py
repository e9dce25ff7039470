"""The scheme engine: evidence and day marks in, revisions of schemes and of member flags out; pure, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Self

import msgspec
import numpy as np

from contract import working_days
from contract.evidence import NAMES, Evidence, Record
from contract.flag import Engine, Flag
from contract.scheme import Scheme
from detector.catalogue import Catalogue
from detector.schemes.clusters import clustered
from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.following import Following
from detector.schemes.group_findings import GroupRules
from detector.schemes.grouping import groups
from detector.schemes.picture import Picture
from detector.schemes.pruning import Part, may_take_part, taking_part
from detector.schemes.returns import Returns
from detector.schemes.scheme_book import SchemeBook
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
        self._window_starts = catalogue.calendar.window_starts()
        self._ticks = Ticks(silent_days)
        self._picture = Picture()
        engine = Engine(version=version("fundwatch"), catalogue=catalogue.name)
        self._following = Following(catalogue.decision, GroupRules(), engine)

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
        """Judge one day over all that was told by then: about 0.1 s for 5,000 candidate accounts of 160,000 counterparties."""
        told = self._ticks.read(day)
        if not told and not self._following.book.open:
            return
        picture = self._picture
        picture.take(told, day)
        picture.lay_out(day)
        flows = Flows.of(picture)
        filling = Filling.of(picture, flows)
        circles = [circle for group in groups(picture, flows, filling) if len(circle := picture.accounts_of(group)) >= 2]
        known = self._following.known(picture, circles, day)
        returns = Returns.of(picture, np.unique(np.concatenate([np.zeros(0, np.int64), *circles, *known])))
        clusters = clustered(picture, flows, filling, returns, known, self._parts(circles, flows, filling, returns))
        for revision in self._following.follow(picture, flows, returns, clusters, day, self._window_start(day)):
            if isinstance(revision, Scheme):
                output.schemes.append(revision)
            else:
                output.flags.append(revision)

    def _parts(self, circles: list[Any], flows: Flows, filling: Filling, returns: Returns) -> list[Part]:
        """Who takes part in each circle that has returns between its accounts."""
        found: dict[tuple[int, ...], Part] = {}
        for accounts in circles:
            if may_take_part(self._picture, flows, returns, accounts):
                part = taking_part(self._picture, flows, filling, accounts)
                if len(part.accounts):
                    found[tuple(part.accounts.tolist())] = part
        return list(found.values())

    def _window_start(self, day: int) -> int:
        last = len(self._window_starts) - 1
        return int(self._window_starts[min(max(day - working_days.FIRST_DAY, 0), last)])

    def state(self) -> dict[str, Any]:
        """The whole state for a checkpoint: arrays and bytes by name."""
        picture = self._picture
        told = [(picture.changed_on[key], picture.told[key]) for key in sorted(picture.told)]
        return {
            "ticks": msgspec.msgpack.encode(self._ticks.state),
            "told": msgspec.msgpack.encode(told),
            "names": np.array(picture.names).view(np.uint8),
            "book": msgspec.msgpack.encode(self._following.book),
        }

    @classmethod
    def restore(cls, catalogue: Catalogue, state: dict[str, Any], *, silent_days: int = SILENT_DAYS) -> Self:
        """An engine that goes on exactly where ``state`` was taken."""
        engine = cls(catalogue, silent_days=silent_days)
        engine._ticks.state = msgspec.msgpack.decode(bytes(state["ticks"]), type=TickState)
        engine._following.book = msgspec.msgpack.decode(bytes(state["book"]), type=SchemeBook)
        picture = engine._picture
        for day, one in msgspec.msgpack.decode(bytes(state["told"]), type=list[tuple[int, Evidence]]):
            picture.put(one, day)
        picture.names = np.frombuffer(np.asarray(state["names"]).tobytes(), NAMES)
        return engine
