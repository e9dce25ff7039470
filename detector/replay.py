"""The same engine over files: one shard a (institution, partition), in the order that the log would have had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from contract.flag import Flag
from contract.reject import Reject
from contract.scheme import Scheme
from contract.shanghai import parse_ms
from contract.stream import Counted, Item, Movements, Profiles, Refused, WatermarkItem
from detector.block import Block
from detector.catalogue import Catalogue
from detector.engine import Output, Shard
from detector.held_evidence import HeldEvidence
from detector.schemes.engine import SchemeEngine
from detector.sides.files import FileSides
from detector.sides.inputs import quiet


@dataclass(slots=True)
class Replay:
    """Shards fed from a stream of items, with what they said.

    ``partitions`` is the number of partitions of every institution (its watermarks reach all of them). With a
    ``scheme_engine`` shards tell it what it needs, and its member flags stand among ``flags``.
    """

    catalogue: Catalogue
    scores_from_ms: int | None = None
    batch_size: int | None = None
    sides: FileSides | None = None
    scheme_engine: SchemeEngine | None = None
    shards: dict[tuple[str, int], Shard] = field(default_factory=dict)
    flags: list[Flag] = field(default_factory=list)
    member_flags: list[Flag] = field(default_factory=list)
    schemes: list[Scheme] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    movements: int = 0
    _held: HeldEvidence = field(default_factory=HeldEvidence)
    _block_of: pa.RecordBatch | None = None
    _block: Block | None = None

    def shard(self, institution: str, partition: int) -> Shard:
        """The shard of a partition, made at its first item."""
        key = (institution, partition)
        if key not in self.shards:
            turns = self.sides.turns(institution, partition) if self.sides is not None else quiet
            self.shards[key] = Shard(
                institution,
                partition,
                self.catalogue,
                scores_from_ms=self.scores_from_ms,
                turns=turns,
                evidence=self.scheme_engine is not None,
            )
        return self.shards[key]

    def feed(self, items: Iterable[Item]) -> Iterator[int]:
        """Take items in order and yield the number of movements after each."""
        for item in items:
            if isinstance(item, Movements):
                self._movements(item)
            elif isinstance(item, Profiles):
                self._take(self.shard(item.institution, item.partition).profiles(item.batch))
            elif isinstance(item, WatermarkItem):
                for (institution, _), shard in self.shards.items():
                    if institution == item.institution:
                        self._take(shard.watermark(item.complete_to_ms))
            elif isinstance(item, Refused):
                self.outcomes["rejected"] += 1
                self.rejects.append(_of_file(item))
            elif isinstance(item, Counted):
                self.outcomes["degraded"] += sum(item.degraded.values())
            yield self.movements
        for shard in self.shards.values():
            self.flags += shard.settle()
        self._link()

    def _movements(self, item: Movements) -> None:
        shard = self.shard(item.institution, item.partition)
        self.movements += len(item)
        if self._block is None or item.block is not self._block_of:
            self._block_of, self._block = item.block, Block.of(item.block, item.order)
        step = self.batch_size or len(item)
        for start in range(item.start, item.stop, step):
            output = shard.stretch(self._block, start, min(start + step, item.stop))
            self._take(output)
            for reject in output.rejects:
                row = int(item.rows[reject.row - item.start])
                self.rejects.append(_of_file(Refused(item.institution, "", row, reject.reason, reject.field)))

    def _take(self, output: Output) -> None:
        self.flags += output.flags
        self.outcomes.update(output.outcomes)
        if self.scheme_engine is not None:
            for record in output.evidence:
                self._held.add(record)

    def _link(self) -> None:
        """Find schemes in all that shards told, as the scheme process does that has heard of every shard.

        Not while files are read: they give one institution's month before the next one's, and a shard that is a month
        behind would be taken for silent.
        """
        if self.scheme_engine is None:
            return
        self.scheme_engine.expect(self._held.shards)
        for record in self._held.let_go():
            found = self.scheme_engine.take(record, patient=True)
            self.flags += found.flags
            self.member_flags += found.flags
            self.schemes += found.schemes

    def scores(self) -> Iterator[tuple[str, float, str]]:
        """Account, best score and category of every account, shards in order of institution and partition.

        Where a scheme says more of an account than its own shard does, what the scheme says.
        """
        best = self._scores_of_members()
        for key in sorted(self.shards):
            for account, score, category in self.shards[key].scores():
                of_member = best.get((key[0], account), (0.0, ""))
                yield (account, *max((score, category), of_member, key=lambda one: one[0]))

    def _scores_of_members(self) -> dict[tuple[str, str], tuple[float, str]]:
        """Highest score of each account's member flags from the time on from which scores count."""
        best: dict[tuple[str, str], tuple[float, str]] = {}
        for flag in self.member_flags:
            late = self.scores_from_ms is None or parse_ms(flag.updated_at) >= self.scores_from_ms
            key = (flag.institution_code, flag.account_id)
            if late and flag.score is not None and flag.score > best.get(key, (0.0, ""))[0]:
                best[key] = (flag.score, flag.category)
        return best

    def most_learned(self) -> dict[str, Any]:
        """What the models of the shard that saw the most account-days learned; models of several cannot be added up."""
        shards = [self.shards[key] for key in sorted(self.shards)]
        return max(shards, key=lambda shard: shard.models.events).models.learned() if shards else {}

    def accounts(self) -> int:
        """Accounts that moved."""
        return sum(shard.moved() for shard in self.shards.values())


def _of_file(refused: Refused) -> Reject:
    return Reject(
        institution_code=refused.institution or "",
        reason=refused.reason,
        field=refused.field,
        topic=refused.file,
        partition=0,
        offset=refused.row,
        row=None,
    )
