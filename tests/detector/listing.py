"""A watch list and verdicts whose entries take effect at stated turns of a shard's day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contract.shanghai import date_of
from contract.verdict import Verdict
from contract.watchlist import CLEARED, FOUND, WatchEntry
from detector.sides.inputs import Arrived, Positions

SINCE = "2026-03-01T00:00:00+08:00"


def found(subject: str, kind: str = "confirmed_subject") -> WatchEntry:
    """A subject that is found."""
    return WatchEntry(subject=subject, status=FOUND, since=SINCE, kind=kind)


def cleared(subject: str) -> WatchEntry:
    """A subject that is cleared again."""
    return WatchEntry(subject=subject, status=CLEARED, since=SINCE)


@dataclass
class Listing:
    """What takes effect at the first turn, and at the turn to a day (ISO date), in order of positions."""

    first: Sequence[WatchEntry] = ()
    on: dict[str, Sequence[WatchEntry | Verdict]] = field(default_factory=dict)
    asked: list[tuple[int, int, Positions]] = field(default_factory=list)

    @classmethod
    def at_once(cls, *entries: WatchEntry) -> Listing:
        """All at the first turn."""
        return cls(entries)

    def __call__(self, day: int, row: int, before: Positions) -> Arrived:
        self.asked.append((day, row, before))
        new = [*(self.first if before == Positions() else ()), *self.on.get(date_of(day).isoformat(), ())]
        entries = [one for one in new if isinstance(one, WatchEntry)]
        verdicts = [one for one in new if isinstance(one, Verdict)]
        after = Positions(before.watchlist + len(entries), before.verdicts + len(verdicts))
        return Arrived(after, entries, verdicts)
