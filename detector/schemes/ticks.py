"""When a day is judged, and with what: the same whatever the order in which shards' records come."""

from __future__ import annotations

from typing import Final

import msgspec

from contract.evidence import EXPECTED, DayMark, Evidence, Names, Record

Shard = tuple[str, int]
SILENT_DAYS: Final = 3


class TickState(msgspec.Struct):
    """All that must survive of ticks."""

    marks: dict[Shard, int] = {}
    first: dict[Shard, int] = {}
    """Day of a shard's first evidence."""
    judged: int | None = None
    """Newest day that was judged."""
    waiting: list[Evidence | Names] = []


class Ticks:
    """A day is judged once every known shard has marked it, or once the newest mark is more than ``silent_days`` past it.

    A shard's records are read from the day ``silent_days + 1`` after its first one on, of each day when that day is judged
    and not before. So what a day sees does not depend on how shards' records lie between each other, as long as none
    stands more than ``silent_days`` behind the newest mark; one that does delays nobody and counts from the next day
    judged.
    """

    def __init__(self, silent_days: int = SILENT_DAYS, state: TickState | None = None) -> None:
        self.silent_days = silent_days
        self.state = state or TickState()

    def expect(self, shards: list[Shard]) -> None:
        """Wait for these shards as for known ones, though nothing has come of them yet."""
        for shard in shards:
            self.state.marks.setdefault(shard, EXPECTED)

    def take(self, record: Record, *, patient: bool = False) -> list[int]:
        """Days that can be judged now, in order. A ``patient`` caller waits for silent shards however long."""
        state, shard = self.state, (record.institution_code, record.partition)
        day = record.day if isinstance(record, DayMark) else record.as_of
        if isinstance(record, DayMark):
            state.marks[shard] = max(day, state.marks.get(shard, day))
            complete = self._complete_to(patient)
            if state.judged is None and complete > EXPECTED:
                # Not from the first record that came: which shard's that is hangs on how their records lie.
                state.judged = min([*state.first.values(), complete]) - self.silent_days - 1
            return list(range(state.judged + 1, complete + 1)) if state.judged is not None else []
        state.first.setdefault(shard, day)
        state.waiting.append(record)
        return []

    def _complete_to(self, patient: bool) -> int:
        marks = self.state.marks.values()
        slowest = min(marks)
        return slowest if patient else max(slowest, max(marks) - self.silent_days - 1)

    def read(self, day: int) -> list[Evidence | Names]:
        """What is to be read when ``day`` is judged, in an order of its own; it waits no longer."""
        state = self.state
        now = {id(one) for one in state.waiting if one.as_of <= day and day > state.first[_shard(one)] + self.silent_days}
        read = [one for one in state.waiting if id(one) in now]
        state.waiting = [one for one in state.waiting if id(one) not in now]
        state.judged = day
        return sorted(read, key=_order)


def _shard(record: Evidence | Names) -> Shard:
    return (record.institution_code, record.partition)


def _order(record: Evidence | Names) -> tuple[int, str, int, str]:
    name = record.account_id if isinstance(record, Evidence) else f"|{record.number:012d}"
    return (record.as_of, record.institution_code, record.partition, name)
