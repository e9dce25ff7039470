"""How the scheme process takes up its log: from the checkpoint that the group's commit names, or an earlier one, or anew."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from contract.errors import CheckpointMismatch, ConfigurationError
from contract.topics import institution_of
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.opening import BEGUN, Opening, WithoutCommit
from detector.schemes.engine import SchemeEngine
from detector.transport.base import Committed, Shelf, Transport

log = structlog.get_logger()
_ANEW = "give another --group and --checkpoint to judge what the topic still holds anew"


@dataclass(slots=True)
class HeldEngine:
    """The scheme engine, where it stands in its log, and the position that was committed last."""

    engine: SchemeEngine
    position: int
    saved_at: int | None = None


@dataclass(frozen=True, slots=True)
class SchemeOpening:
    """Opens the engine over the one partition of the evidence topic, by the same rules as a worker's shards."""

    transport: Transport
    store: CheckpointStore
    catalogue: Catalogue
    without_commit: WithoutCommit = WithoutCommit.REFUSE

    def open(self, shelf: Shelf) -> HeldEngine:
        """The engine as its checkpoint left it; one that begins waits for every shard that there is by now.

        Raises as ``Opening.open``, and ``ConfigurationError`` where the topic has several partitions.
        """
        if self.transport.partitions(shelf.topic) != 1:
            raise ConfigurationError(f"{shelf.topic} has several partitions: its order is read from one; make it anew")
        committed = self.transport.committed(shelf)
        candidates = self._like_a_shard().candidates(shelf, committed)
        held = self._restored(shelf, candidates) if candidates else self._new(shelf, committed)
        self.check_start(shelf, held.position)
        return held

    def check_start(self, shelf: Shelf, position: int) -> None:
        """Refuse a position that the log no longer reaches back to."""
        self._like_a_shard().check_start(shelf, position)

    def _like_a_shard(self) -> Opening:
        return Opening(self.transport, self.store, self.catalogue, 0, self.without_commit)

    def _new(self, shelf: Shelf, committed: Committed | None) -> HeldEngine:
        if committed is None:
            committed = Committed(self.transport.start(shelf), BEGUN)
            self.transport.commit({shelf: committed})
        engine, position = SchemeEngine(self.catalogue), committed.position
        engine.expect([(institution_of(one.topic), one.partition) for one in self.transport.event_shelves()])
        # Which shards there are now stands in no log. Saved before anything is said: whoever begins anew after a crash
        # may find an institution more, wait for it, and say otherwise what has been said.
        name = self.store.write(*shelf, position, self.catalogue.name, engine.state())
        self.transport.commit({shelf: Committed(position, name)})
        log.info("schemes_new", expected=len(engine.standing))
        return HeldEngine(engine, position, position)

    def _restored(self, shelf: Shelf, candidates: list[tuple[str, int]]) -> HeldEngine:
        refused: CheckpointMismatch | None = None
        for name, position in candidates:
            try:
                state = self.store.read(name, *shelf, position, self.catalogue.name)
            except CheckpointMismatch as error:
                log.warning("checkpoint_refused", topic=shelf.topic, partition=shelf.partition, reason=str(error))
                refused = refused or error
                continue
            engine = SchemeEngine.restore(self.catalogue, state)
            log.info("schemes_restored", position=position, shards=len(engine.standing))
            return HeldEngine(engine, position, position)
        raise CheckpointMismatch(f"{refused}, and no earlier one can be used; {_ANEW}") from refused
