"""The shard: the accounts of one partition of one institution's topic, judged as their movements come; pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from contract import working_days
from contract.errors import Reason
from contract.evidence import Record
from contract.flag import Engine, Flag
from contract.reject import RowReject
from contract.shanghai import day_of, day_start_ms
from detector.block import Block
from detector.business.book import BusinessBook
from detector.business.watching import rows_of, watched, worth_watching
from detector.catalogue import Catalogue
from detector.decision import CATEGORY_NAMES
from detector.features import memory as mem
from detector.features.buffer import buffer
from detector.features.columns import CONFLICTING, CUSTOMER_CHANGED, DUPLICATE, LATE, UNVERIFIED, USED
from detector.features.consume import DONE, FULL, ROOM, SCRATCH, TURN, consume, evaluate_rows
from detector.features.growth import restored, with_room
from detector.features.layout import CAUSE_DAY, CAUSE_SILENT, CAUSE_SO_FAR, NEVER
from detector.features.profiles import CHANGED, ProfileColumns
from detector.features.profiles import DONE as PROFILES_DONE
from detector.features.rules import Rules
from detector.features.sweeping import swept
from detector.flag_book import Book, FlagBook
from detector.holding import NOBODY, hold
from detector.judge import Judge
from detector.large_value import LargeValueLines
from detector.likeness import names_of
from detector.model_set import ModelSet
from detector.parts import part, taken, under
from detector.schemes.telling import Telling
from detector.scoring import Scoring
from detector.sides.effect import SideEffects
from detector.sides.inputs import Turns, quiet

QUIET_DAYS: Final = 20
"""Days without a movement after which an account that a typology wants to see again is judged once more."""
OPEN_FLAG_BYTES: Final = 9_000
"""What an open flag takes as Python's objects: 34 of them took 307,551 bytes, about three times their encoded form."""
_OUTCOMES: Final = {
    USED: "used",
    DUPLICATE: "duplicate",
    CONFLICTING: "rejected",
    CUSTOMER_CHANGED: "rejected",
    LATE: "late",
    UNVERIFIED: "unverified",
}


@dataclass(slots=True)
class Output:
    """What a batch brought: flags in the order they were decided, rejects with their row, outcomes by name.

    ``evidence`` is what the scheme process must be told, in this order; empty where the shard was not asked for it.
    """

    flags: list[Flag] = field(default_factory=list)
    rejects: list[RowReject] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    evidence: list[Record] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShardSize:
    """How much a shard holds; bytes are of all its arrays, room included."""

    accounts: int
    state_bytes: int


def rules_of(catalogue: Catalogue) -> Rules:
    """What the loops need of a catalogue."""
    passing = next((t for t in catalogue.typologies if t.key.startswith("pass_through@")), None)
    return Rules(
        lateness_days=catalogue.stream.lateness_days,
        window_starts=catalogue.calendar.window_starts(),
        window_base=working_days.FIRST_DAY,
        pass_least_inflow=getattr(passing, "least_inflow_minor", 5_000_000),
        pass_most_retained=getattr(passing, "most_retained", 0.05),
    )


class Shard:
    """The engine of one (institution, partition).

    The same input in the same order gives the same flags, whatever the batch boundaries: a movement is judged at
    triggers of its own account's history, at its account's day end, and when the shard's day turns. Nothing is read
    from the clock. An exception leaves the shard half-changed; only a checkpoint is consistent then.
    """

    def __init__(
        self,
        institution: str,
        partition: int,
        catalogue: Catalogue,
        *,
        scores_from_ms: int | None = None,
        turns: Turns = quiet,
        evidence: bool = False,
    ) -> None:
        self.institution = institution
        self.partition = partition
        self._catalogue = catalogue
        self._turns = turns
        self._memory = mem.empty()
        self._memory.counters[mem.SEEN_FROM] = -NEVER
        self._rules = rules_of(catalogue)
        self._held = NOBODY
        self._buffer = buffer()
        engine = Engine(version=version("fundwatch"), catalogue=catalogue.name)
        scoring = Scoring(catalogue.models, scores_from_ms, catalogue.river, catalogue.bundle)
        self._judge = Judge(
            catalogue,
            FlagBook(institution, engine, catalogue.decision),
            scoring,
            SideEffects(names_of(catalogue.typologies, scoring.models.names)),
            BusinessBook(catalogue.calendar),
        )
        self._large = LargeValueLines(institution, engine, catalogue.calendar, lateness_days=catalogue.stream.lateness_days)
        self._telling = Telling(institution, partition, catalogue.links) if evidence else None
        self._told: list[Record] = []

    @property
    def drifts(self) -> dict[str, int]:
        """Drifts seen so far by stream: the trees' scores, each feature that models read, what models of payments say, and
        ``verdicts``, where offices decide otherwise than they did. Names only, nothing of an account.
        """
        return {**self._judge.scoring.models.drift.drifts, "verdicts": self._judge.sides.learner.drifts}

    def movements(self, batch: pa.RecordBatch) -> Output:
        """Take a checked batch (schema ``MOVEMENT``) of this shard, in order, and settle."""
        if batch.num_rows == 0:
            return Output()
        output = self.stretch(Block.of(batch), 0, batch.num_rows)
        output.flags += self.settle()
        return output

    def stretch(self, block: Block, start: int, stop: int) -> Output:
        """Take rows ``start`` to ``stop`` of a block; all are of this shard. Rejects name rows of the block.

        What is judged may wait for ``settle``, a watermark or the next stretch: that changes no flag, only how many
        are decided at once.
        """
        output = Output()
        status, rows = np.zeros(len(block), np.uint8), np.empty(len(block), np.int32)
        done = at = start
        turned_at = -1
        cause = np.zeros(SCRATCH, np.int64)
        while True:
            code, at = consume(self._memory, block.columns, at, stop, turned_at, self._rules, self._buffer, status, rows, cause)
            if code in (TURN, DONE) and at > done:
                output.flags += self._large.add(block, done, at, status, self._memory)
                if self._telling is not None:
                    self._telling.add(block, done, at, status)
                self._judge.business.add(block, done, at, status)
                self._judge.scoring.legs.add(block.columns, done, at, status, rows)
                done = at
            if code == DONE:
                break
            if code == ROOM:
                self._memory = with_room(self._memory)
            elif code == FULL:
                output.flags += self.settle()
            else:
                output.flags += self._turn(int(self._memory.counters[mem.SHARD_DAY]) + 1, at - start)
                turned_at = at
        self._report(status[start:stop], start, output)
        output.evidence, self._told = self._told, []
        return output

    def settle(self) -> list[Flag]:
        """Decide all that still waits; what a checkpoint or a reader of flags must ask for first."""
        return self._judge.drain(self._buffer, self._memory, self._rules)

    def profiles(self, batch: pa.RecordBatch) -> Output:
        """Take a checked profile batch of this shard; it acts on what follows."""
        profiles = ProfileColumns(batch)
        at = 0
        while (at := profiles.learn(self._memory, at)) != PROFILES_DONE:
            self._memory = with_room(self._memory)
        if self._telling is not None:
            self._telling.profiles(batch, profiles.refused, self._memory)
        changed = np.flatnonzero(profiles.refused == CHANGED)
        return Output(rejects=[RowReject(int(row), Reason.CUSTOMER_CHANGED, "customer_id") for row in changed])

    def watermark(self, complete_to_ms: int) -> Output:
        """All movements before ``complete_to_ms`` have come: days that are over by then are closed and judged.

        One that says nothing new changes nothing: a file that is sent again brings its watermarks again.
        """
        if complete_to_ms <= self._memory.counters[mem.COMPLETE_TO]:
            return Output()
        self._memory.counters[mem.COMPLETE_TO] = complete_to_ms
        day = int(day_of(complete_to_ms))
        if self._memory.counters[mem.SHARD_DAY] == mem.NO_DAY:
            # A shard begins with its first movement: a replay makes it only then and sees no watermark before.
            return Output(evidence=self._telling.empty(day - 1) if self._telling is not None else [])
        if day > self._memory.counters[mem.SHARD_DAY]:
            flags = self._turn(day, 0)
            told, self._told = self._told, []
            return Output(flags=flags, evidence=told)
        waiting = self._memory.dirty[: self._memory.counters[mem.DIRTY]].copy()
        return Output(flags=self._evaluate(waiting, -1, CAUSE_SO_FAR) + self.settle())

    @property
    def models(self) -> ModelSet:
        """The models, for a bundle."""
        return self._judge.scoring.models

    def scores(self) -> Iterator[tuple[str, float, str]]:
        """Account, highest score and its category, for every account that moved, in order of first appearance."""
        count = int(self._memory.counters[mem.ACCOUNTS])
        accounts = self._memory.accounts[:count]
        for row, (value, code) in enumerate(self._judge.scoring.best(count)):
            if accounts[row]["first_ms"] != NEVER:
                name = mem.text_of(self._memory, accounts[row]["id_at"], accounts[row]["id_len"])
                yield name, value, CATEGORY_NAMES[code]

    def moved(self) -> int:
        """How many accounts moved."""
        return int((self._memory.accounts["first_ms"][: self._memory.counters[mem.ACCOUNTS]] != NEVER).sum())

    def measure(self) -> ShardSize:
        """Accounts and bytes held; an open flag is counted as what one takes on the average."""
        judge = self._judge
        held = mem.nbytes(self._memory) + judge.business.nbytes() + judge.scoring.nbytes() + self._large.nbytes()
        held += OPEN_FLAG_BYTES * len(judge.book.book.open)
        return ShardSize(int(self._memory.counters[mem.ACCOUNTS]), held)

    def state(self) -> dict[str, Any]:
        """The whole state for a checkpoint: arrays and bytes by name, indexes left out. Nothing may wait for ``settle``."""
        if self._buffer.count[0]:
            raise RuntimeError("settle before a checkpoint")
        judge = self._judge
        parts = {
            **under("memory", mem.used(self._memory)),
            **under("scoring", judge.scoring.state()),
            **under("large", self._large.state()),
            **under("sides", judge.sides.state()),
            **under("business", judge.business.state()),
            "book": msgspec.msgpack.encode(judge.book.book),
            "held": self._held,
        }
        if self._telling is not None:
            parts |= under("telling", self._telling.state())
        return parts

    @classmethod
    def restore(
        cls,
        institution: str,
        partition: int,
        catalogue: Catalogue,
        state: dict[str, Any],
        *,
        turns: Turns = quiet,
        evidence: bool = False,
    ) -> Shard:
        """A shard that goes on exactly where ``state`` was taken; one that told evidence goes on telling it.

        Memory is taken out of ``state`` pool by pool: of a large shard there is no room for two.
        """
        telling = part("telling", state)
        shard = cls(institution, partition, catalogue, turns=turns, evidence=evidence or bool(telling))
        if telling and shard._telling is not None:
            shard._telling.restore(telling)
        shard._memory = restored(taken("memory", state))
        shard._held = np.array(state["held"], np.int32)
        judge = shard._judge
        judge.scoring.restore(part("scoring", state))
        shard._large.restore(part("large", state))
        judge.sides.restore(part("sides", state))
        judge.business.restore(part("business", state))
        judge.book.book = msgspec.msgpack.decode(bytes(state["book"]), type=Book)
        return shard

    def _turn(self, day: int, row: int) -> list[Flag]:
        """Close the shard's day: judge who moved, then who is silent under an open flag, then go on to ``day``.

        Side inputs that are known by now take effect first; ``row`` of what the shard was given brought the turn.
        """
        flags, listed = self._let_in(day, row)
        counters = self._memory.counters
        waiting = np.sort(self._memory.dirty[: counters[mem.DIRTY]])
        counters[mem.DIRTY] = 0
        settled, touched = self._settle_business(waiting)
        flags += settled
        book = self._judge.book.book
        # Who moved is not silent, whatever is decided of it: both are decided together, as each decision costs by itself.
        looked_at = np.array(sorted({*book.open, *self._take_fallen(day), *listed, *touched}), np.int32)
        silent = np.setdiff1d(looked_at, waiting).astype(np.int32)
        self._watch_business(silent, day - 1)
        flags += self._evaluate(waiting, -1, CAUSE_DAY) + self._evaluate(silent, day - 1, CAUSE_SILENT) + self.settle()
        # Those of whom it was noted in this very turn were judged in it.
        self._take_fallen(day)
        if self._judge.book.again:
            again, self._judge.book.again = np.array(sorted(self._judge.book.again), np.int32), []
            flags += self._evaluate(again, day - 1, CAUSE_SILENT) + self.settle()
        if self._telling is not None:
            judged = np.concatenate([waiting, silent]).astype(np.int64)
            self._told += self._telling.turn(judged, int(counters[mem.SHARD_DAY]), day - 1, self._memory, book)
        counters[mem.SHARD_DAY] = day
        stream = self._catalogue.stream
        counters[mem.SEEN_FROM] = day_start_ms(day - stream.duplicate_window_days + 1)
        mem.forget_before(counters, day, stream.lateness_days, stream.silent_days)
        self._held = hold(self._memory, self._held, book.open)
        self._memory = swept(self._memory)
        return flags + self._large.turn(day)

    def _take_fallen(self, day: int) -> list[int]:
        """Accounts that a typology wanted to see again should they fall silent, and that have; they are noted no longer."""
        quiet = self._judge.book.book.quiet
        fallen = [row for row, last in quiet.items() if day - 1 - last > QUIET_DAYS]
        for row in fallen:
            del quiet[row]
        return fallen

    def _let_in(self, day: int, row: int) -> tuple[list[Flag], list[int]]:
        """Let side inputs take effect; gives what was still to be decided without them, and accounts that they are about."""
        sides = self._judge.sides
        arrived = self._turns(day, row, sides.positions)
        flags = self.settle() if sides.moves(arrived) else []
        return flags, sides.turn(arrived, self._memory, day).tolist()

    def _settle_business(self, waiting: Any) -> tuple[list[Flag], list[int]]:
        """Settle the business book as the day ends: what was judged before it, and accounts that others' movements touched."""
        business, counters = self._judge.business, self._memory.counters
        if business.is_empty:
            return [], []
        before = business.as_it_stands()
        touched = business.take_in(int(counters[mem.SHARD_DAY]), int(counters[mem.SEEN_FROM]))
        # What waits was judged before the day ended, by what the turn before settled.
        self._judge.hold(self._buffer, self._memory, before)
        # Which typologies are heard follows from the book's places: where these change it is decided by itself.
        flags = self.settle() if before.places != business.places else []
        self._watch_business(waiting, day_of(self._memory.accounts["last_ms"][waiting]))
        return flags, rows_of(self._memory, touched).tolist()

    def _watch_business(self, rows: Any, as_of: Any) -> None:
        """Settle accounts in the business book and let those be judged of which it has something to say."""
        business = self._judge.business
        if business.is_empty or not len(rows):
            return
        settled = business.settle(self._memory.accounts["key"][rows], as_of)
        worth = settled["account"][worth_watching(settled, int(self._rules.pass_least_inflow))]
        self._memory = watched(self._memory, business, worth)

    def _evaluate(self, rows: Any, as_of: int, cause: int) -> list[Flag]:
        flags: list[Flag] = []
        at = 0
        while (at := evaluate_rows(self._memory, rows, at, as_of, cause, self._rules, self._buffer)) < len(rows):
            flags += self.settle()
        return flags

    def _report(self, status: Any, start: int, output: Output) -> None:
        for code, count in zip(*np.unique(status, return_counts=True), strict=True):
            name = _OUTCOMES[int(code)]
            output.outcomes[name] = output.outcomes.get(name, 0) + int(count)
        for row in np.flatnonzero((status == CONFLICTING) | (status == CUSTOMER_CHANGED)):
            changed = status[row] == CUSTOMER_CHANGED
            reason = Reason.CUSTOMER_CHANGED if changed else Reason.CONFLICTING_DUPLICATE
            output.rejects.append(RowReject(start + int(row), reason, "customer_id" if changed else "event_id"))
