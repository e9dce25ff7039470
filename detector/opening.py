"""How a worker takes up a shard: from the checkpoint that the group's commit names, or an earlier one, or anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import structlog

from contract.archive.listing import Archive, cover
from contract.archive.names import ArchiveShelf
from contract.errors import ArchiveMismatch, ArchiveUnavailable, CheckpointMismatch
from contract.topics import institution_of
from detector.archive.recorder import Recorder
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.decode import Decoder
from detector.engine import Shard
from detector.sides.desk import Desk
from detector.sides.inputs import Turns, quiet
from detector.transport.base import Committed, Shelf, Transport

log = structlog.get_logger()
BEGUN: Final = "begun"
"""Stands in a commit in place of a checkpoint's name: the group has begun a shard and has no checkpoint of it yet.

So a crash between the first checkpoint and its commit is told from a group whose commits the broker has forgotten.
"""
REBUILT_A_SECOND: Final = 50_000
"""Archived movements that a rebuild takes in at least (docs/performance.md: replays 60,000 and more a CPU-second)."""
_ANEW: Final = "give another --group and --checkpoint to judge the log anew, or rebuild it with --rebuild-from ARCHIVE"


class WithoutCommit(Enum):
    """What to do with checkpoints of a partition where the group has no commit (a broker forgets those of idle groups)."""

    REFUSE = "refuse"
    ADOPT = "adopt"
    BEGIN = "begin"


@dataclass(slots=True)
class Held:
    """A shard that a worker holds, and where it stands in its partition; ``saved_at`` is what was committed last."""

    shard: Shard
    decoder: Decoder
    position: int
    saved_at: int | None = None
    drifts: dict[str, int] = field(default_factory=dict)
    recorder: Recorder | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens shards. Where a shard stands is what its checkpoint says; the client's own position is not asked.

    With an ``archive``, what each shard consumes from there on is recorded in it; with a ``desk``, side inputs take effect
    at the turns of its day.
    """

    transport: Transport
    store: CheckpointStore
    catalogue: Catalogue
    future_ms: int
    without_commit: WithoutCommit = WithoutCommit.REFUSE
    archive: Archive | None = None
    desk: Desk | None = None
    evidence: bool = True
    """Whether shards tell the scheme process of candidate accounts."""

    def turns(self, shelf: Shelf) -> Turns:
        """What a shard of the partition asks at its turns; all that was recorded of it before is known then."""
        if self.desk is None:
            return quiet
        self.desk.catch_up()
        return self.desk.turns(shelf)

    def open(self, shelf: Shelf) -> Held:
        """The shard of a partition as its checkpoint left it.

        A shard that is new to the group is committed as begun. Raises ``CheckpointMismatch`` where no checkpoint can be
        used or the log begins after it, ``TransportUnavailable`` where the broker is away, ``PartitionsLost`` where the
        partition is another's by now.
        """
        decoder = Decoder(
            institution_of(shelf.topic), shelf.topic, shelf.partition, self.transport.partitions(shelf.topic), self.future_ms
        )
        committed = self.transport.committed(shelf)
        candidates = self.candidates(shelf, committed)
        held = self._restored(shelf, candidates, decoder) if candidates else self._new(shelf, decoder, committed)
        self.check_start(shelf, held.position)
        if self.archive is not None:
            place = ArchiveShelf(shelf.topic, shelf.partition, decoder.partitions)
            held.recorder = Recorder.after(self.archive, place, held.position, begins=not candidates)
        return held

    def check_start(self, shelf: Shelf, position: int) -> None:
        """Refuse a position that the log no longer reaches back to: what was deleted was never judged."""
        start = self.transport.start(shelf)
        if position < start:
            raise CheckpointMismatch(
                f"the log of {_what(shelf)} begins at {start}, after {position} where its shard stands: "
                f"{start - position} offsets are gone; {_ANEW}"
            )

    def candidates(self, shelf: Shelf, committed: Committed | None) -> list[tuple[str, int]]:
        """Names and positions of checkpoints that may be gone on from, the best first; none where the shard is new."""
        if committed is None:
            return self._uncommitted(shelf)
        if committed.checkpoint == BEGUN:
            return []
        if not committed.checkpoint:
            raise CheckpointMismatch(
                f"the commit of {_what(shelf)} names no checkpoint, so another program made it; give another --group"
            )
        earlier = [one for one in self.store.newest(*shelf) if one[1] <= committed.position and one[0] != committed.checkpoint]
        return [(committed.checkpoint, committed.position), *earlier]

    def _uncommitted(self, shelf: Shelf) -> list[tuple[str, int]]:
        found = self.store.newest(*shelf)
        if found and self.without_commit is WithoutCommit.REFUSE:
            raise CheckpointMismatch(
                f"{_what(shelf)} has checkpoints but the group has no commit: start with --adopt to go on from the newest, "
                "or with --from-the-beginning to judge the log anew"
            )
        return found if self.without_commit is WithoutCommit.ADOPT else []

    def _new(self, shelf: Shelf, decoder: Decoder, committed: Committed | None) -> Held:
        if committed is None:
            committed = Committed(self.transport.start(shelf), BEGUN)
            self.transport.commit({shelf: committed})
        log.info("shard_new", topic=shelf.topic, partition=shelf.partition)
        shard = self.begun(shelf)
        return Held(shard, decoder, committed.position)

    def begun(self, shelf: Shelf) -> Shard:
        """The shard of a partition before anything has come to it."""
        turns = self.turns(shelf)
        return Shard(institution_of(shelf.topic), shelf.partition, self.catalogue, turns=turns, evidence=self.evidence)

    def _restored(self, shelf: Shelf, candidates: list[tuple[str, int]], decoder: Decoder) -> Held:
        refused: CheckpointMismatch | None = None
        for name, position in candidates:
            try:
                state = self.store.read(name, *shelf, position, self.catalogue.name)
            except CheckpointMismatch as error:
                log.warning("checkpoint_refused", topic=shelf.topic, partition=shelf.partition, reason=str(error))
                refused = refused or error
                continue
            turns, tells = self.turns(shelf), self.evidence
            shard = Shard.restore(decoder.institution, shelf.partition, self.catalogue, state, turns=turns, evidence=tells)
            log.info("shard_restored", topic=shelf.topic, partition=shelf.partition, position=position)
            return Held(shard, decoder, position, position, shard.drifts)
        anew = _ANEW + self._how_long(shelf, decoder.partitions)
        raise CheckpointMismatch(f"{refused}, and no earlier one can be used; {anew}") from refused

    def _how_long(self, shelf: Shelf, partitions: int) -> str:
        """How long a rebuild from the archive will take, where there is one that can be read."""
        if self.archive is None:
            return ""
        try:
            pieces = cover(self.archive.of(ArchiveShelf(shelf.topic, shelf.partition, partitions)))
        except (ArchiveUnavailable, ArchiveMismatch):
            return ""
        rows = sum(piece.file.rows for piece in pieces)
        minutes = max(1, round(rows / REBUILT_A_SECOND / 60))
        return f" ({rows:,} rows of this partition are archived: about {minutes} min)" if rows else ""


def _what(shelf: Shelf) -> str:
    return f"{shelf.topic} partition {shelf.partition}"
