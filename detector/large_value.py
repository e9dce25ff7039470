"""Large-value lines 0501–0504: the only numeric thresholds that are law (Order 2016/3 art. 5; regulation §1.2).

Summed per customer at one institution, per Shanghai day, receipts and payments apart, each currency group against its
own limit, the limit included. Left out: the institution's own interest, fees, taxes and corrections; one side a state
organ; interbank; own-name transfers, but only where both sides are known to be at this institution. Unknown holder
kind or, for persons, unknown place: not evaluable, never guessed.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Final

import msgspec
import numpy as np

from contract import working_days
from contract.flag import Engine, Flag
from contract.shanghai import day_start_ms, text_ms
from contract.working_days import WorkingDays
from detector.block import Block
from detector.features.memory import SHARD_DAY
from detector.features.tables import account_rows
from detector.flag_book import holder_of
from detector.large_value_flags import LargeFlag, closed, new_flag, revised
from detector.large_value_sums import (
    NOTED,
    OVER,
    STEP,
    SUM,
    TAKEN,
    THRESHOLDS,
    UNDER,
    UNRESOLVED,
    add_sums,
    find_sum,
    keep_sums,
)

DUE_DATE_PASSED: Final = "due_date_passed"
REVERSED: Final = "reversed"
MOST_EVIDENCE: Final = 20
_FIELDS: Final = STEP.names or ()
_WHAT: Final = _FIELDS.index("what")
NOTE: Final = ("key", "day", "event", "row", "amount")
"""Fields of a step that a note is made of."""
_note_of: Final = itemgetter(*(_FIELDS.index(name) for name in NOTE))


class DayNotes(msgspec.Struct):
    """The larger movements of one sum: event key to event id and amount."""

    day: int
    ids: dict[int, tuple[str, int]] = {}


class Noted(msgspec.Struct):
    """What must survive of large values besides the sums, by the key of the sum."""

    flags: dict[int, LargeFlag] = {}
    notes: dict[int, DayNotes] = {}
    sum_of_event: dict[int, int] = {}


class LargeValueLines:
    """Sums and flags of one shard; an ordinary movement costs one addition, one of a twentieth of a line a note.

    Flags depend on the order of movements and on turns of the day alone: what a flag says is the sum behind the very
    movement that crossed the line, and later changes are said once, when the day turns.
    """

    def __init__(self, institution: str, engine: Engine, calendar: WorkingDays, *, lateness_days: int) -> None:
        self._institution = institution
        self._engine = engine
        self._calendar = calendar
        self._lateness_days = lateness_days
        self._sums = np.zeros(1024, SUM)
        self._count = 0
        self._steps = np.zeros(0, STEP)
        self._noted = Noted()

    def add(self, block: Block, start: int, stop: int, status: Any, memory: Any) -> list[Flag]:
        """Count the rows ``start`` to ``stop`` of a block whose ``status`` is that of a counted one; return what they flag.

        The rows lie between two turns of the shard's day and ``memory`` has consumed them.
        """
        oldest = int(memory.counters[SHARD_DAY]) - self._lateness_days
        self._reserve(stop - start, oldest)
        new, count = add_sums(self._sums, memory, block.columns, start, stop, status, block.facts, oldest, self._steps)
        self._count += new
        flags = []
        for values in self._steps[:count].tolist():
            # Most steps are of a larger movement that is noted and no more.
            if values[_WHAT] == NOTED:
                self._note(block, *_note_of(values))
                continue
            flag = self._take(block, dict(zip(_FIELDS, values, strict=True)), memory)
            if flag is not None:
                flags.append(flag)
        return flags

    def turn(self, day: int) -> list[Flag]:
        """Flags whose sums moved after they were raised, and those whose due date is over, when ``day`` begins."""
        moment, flags = text_ms(day_start_ms(day)), []
        for key in sorted(self._noted.flags):
            large = self._noted.flags[key]
            self._follow(key, large)
            if large.is_open and day > large.due:
                flags.append(closed(large, moment, DUE_DATE_PASSED))
            elif large.is_open and large.moved and day > large.day:
                flags.append(revised(large, moment, self._evidence(key)))
        self._forget(day)
        return flags

    def nbytes(self) -> int:
        """Bytes of the table of sums."""
        return int(self._sums.nbytes)

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays and bytes."""
        return {"sums": self._sums[self._sums["key"] != 0], "noted": msgspec.msgpack.encode(self._noted)}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._noted = msgspec.msgpack.decode(bytes(parts["noted"]), type=Noted)
        self._sums = np.zeros(1 << max(10, (4 * len(parts["sums"]) + 1).bit_length()), SUM)
        self._count = int(keep_sums(np.asarray(parts["sums"]).astype(SUM), self._sums, -(2**31)))

    def _reserve(self, count: int, oldest: int) -> None:
        if len(self._steps) < count:
            self._steps = np.zeros(count, STEP)
        if 2 * (self._count + count) <= len(self._sums):
            return
        alive = int(np.count_nonzero((self._sums["key"] != 0) & (self._sums["day"] >= oldest)))
        table = np.zeros(1 << (4 * (alive + count) + 1).bit_length(), SUM)
        self._count = int(keep_sums(self._sums, table, oldest))
        self._sums = table

    def _take(self, block: Block, step: dict[str, int], memory: Any) -> Flag | None:
        what, ms = step["what"], int(block.columns.ms[step["row"]])
        if what & UNRESOLVED:
            return self._take_back_old(step, ms)
        if what & TAKEN:
            self._unnote(step["event"])
            return self._close_reversed(step["key"], step, ms) if what & UNDER else None
        if what & NOTED:
            self._note(block, *(step[name] for name in NOTE))
        return self._over(block, step, ms, memory) if what & OVER else None

    def _over(self, block: Block, step: dict[str, int], ms: int, memory: Any) -> Flag | None:
        """The line is crossed: a new flag, or one that a reversal had closed is open again."""
        large = self._noted.flags.get(step["key"])
        if large is None:
            large = self._noted.flags[step["key"]] = self._new(block, step, memory)
        elif large.is_open:
            return None
        large.follows(step)
        return revised(large, text_ms(ms), self._evidence(step["key"]))

    def _new(self, block: Block, step: dict[str, int], memory: Any) -> LargeFlag:
        """Names and places are the movement's own, as a batch's later rows must not change what an earlier one says."""
        account = block.columns.account[step["row"]]
        row = int(account_rows(memory.account_index, memory.accounts, np.array([account], np.uint64))[0])
        said = {name: block.said(name, step["row"]) for name in ("customer_id", "branch_region", "institution_type")}
        holder = msgspec.structs.replace(
            holder_of(memory, row, memory.accounts[row]), customer_id=said["customer_id"], branch_region=said["branch_region"]
        )
        due = self._calendar.after(step["day"], working_days.DUE)
        institution = (self._institution, said["institution_type"])
        return new_flag(holder, institution, self._engine, step, due, across=said["customer_id"] is not None)

    def _close_reversed(self, key: int, entry: Any, ms: int) -> Flag | None:
        large = self._noted.flags.get(key)
        if large is None or not large.is_open:
            return None
        large.follows(entry)
        return closed(large, text_ms(ms), REVERSED)

    def _take_back_old(self, step: dict[str, int], ms: int) -> Flag | None:
        """A reversal of what no longer stands among the seen events: known only where it was evidence of a flag."""
        event = step["event"] if step["event"] in self._noted.sum_of_event else step["key"]
        key = self._noted.sum_of_event.get(event)
        if key is None:
            return None
        amount = self._unnote(event)
        entry = self._sums[find_sum(self._sums, np.uint64(key))]
        large = self._noted.flags.get(key)
        if large is not None:
            self._follow(key, large)
            large.sum -= amount
            large.count -= 1
        if entry["key"] != 0:
            entry["sum"] -= amount
            entry["count"] -= 1
        if large is None or not large.is_open or large.sum >= THRESHOLDS[large.line, large.group]:
            return None
        return closed(large, text_ms(ms), REVERSED)

    def _follow(self, key: int, large: LargeFlag) -> None:
        """Bring a flag's figures up to its sum's; a sum that has left the table had stopped moving."""
        entry = self._sums[find_sum(self._sums, np.uint64(key))]
        if entry["key"] != 0:
            large.follows(entry)

    def _note(self, block: Block, key: int, day: int, event: int, row: int, amount: int) -> None:
        notes = self._noted.notes.get(key)
        if notes is None:
            notes = self._noted.notes[key] = DayNotes(day)
        if len(notes.ids) < MOST_EVIDENCE:
            notes.ids[event] = (block.event_id(row), amount)
            self._noted.sum_of_event[event] = key

    def _unnote(self, event: int) -> int:
        """Forget a movement that was taken back and return its amount (0 where it was not noted)."""
        key = self._noted.sum_of_event.pop(event, None)
        return 0 if key is None else self._noted.notes[key].ids.pop(event)[1]

    def _evidence(self, key: int) -> list[str]:
        notes = self._noted.notes.get(key)
        return [event_id for event_id, _ in notes.ids.values()] if notes else []

    def _forget(self, day: int) -> None:
        """Drop flags that are over and notes of days that count no more and have no flag."""
        noted, oldest = self._noted, day - self._lateness_days
        over = [key for key, large in noted.flags.items() if day > large.due and large.day < oldest]
        for key in over:
            del noted.flags[key]
        for key in [key for key, notes in noted.notes.items() if notes.day < oldest and key not in noted.flags]:
            for event in noted.notes.pop(key).ids:
                del noted.sum_of_event[event]
