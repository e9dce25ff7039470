"""Entries of some accounts as they stand at a day's end, cut into windows, with the group of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from contract.working_days import FIRST_DAY, WorkingDays
from detector.business import layout as lay
from detector.business import windows


@dataclass(frozen=True)
class View:
    """``records`` (layout.ENTRY) in groups 0 … ``count`` - 1, each looked at as its day of ``as_of`` (int64, a group) ends.

    What several typologies ask for is made once a view.
    """

    records: Any
    group: Any
    count: int
    as_of: Any
    calendar: WorkingDays

    @cached_property
    def _age(self) -> Any:
        """Days from each entry to the as-of day of its group."""
        return self.as_of[self.group] - self.records["day"]

    @cached_property
    def _kind(self) -> Any:
        return np.ascontiguousarray(self.records["kind"])

    def is_kind(self, first: int, *others: int) -> Any:
        """Entries of one of the kinds."""
        found = self._kind == first
        for kind in others:
            found |= self._kind == kind
        return found

    def has(self, bit: int) -> Any:
        """Entries with a bit."""
        return self.records["bits"] & bit != 0

    def within(self, days: int) -> Any:
        """Entries of so many calendar days, the as-of day the last."""
        return (self._age >= 0) & (self._age < days)

    @cached_property
    def first_of_w10(self) -> Any:
        """First day of the 10 working days that end with the as-of day, a group."""
        starts = self.calendar.window_starts()
        return starts[np.clip(self.as_of - FIRST_DAY, 0, len(starts) - 1)].astype(np.int64)

    @cached_property
    def short(self) -> Any:
        """Entries of the 10 working days."""
        return (self.records["day"] >= self.first_of_w10[self.group]) & (self._age >= 0)

    def sum(self, mask: Any, name: str | None = None) -> Any:
        """Sum of a field, or number of the entries, where ``mask`` holds, a group."""
        return windows.sums(self.group[mask], self.count, None if name is None else self.records[name][mask])

    def paid_by(self, mask: Any) -> Any:
        """Whether the other side of each entry stands among the other sides of the masked ones of its group."""
        r = self.records
        known = mask & (r["other"] != 0)
        return windows.among((self.group, r["other"]), (self.group[known], r["other"][known])) & (r["other"] != 0)

    def to_others(self, funded: Any) -> Any:
        """Entries whose other side is somebody else than the holder.

        Known where names were compared and differ, or both holders are named. An institution that marks the holder's own
        accounts on this account, and does not mark this one which never paid in (``funded``, a mask), says it too.
        """
        own, differs = self.has(lay.OWN), self.has(lay.NOT_OWN)
        compares = self.sum(own)[self.group] > 0
        unmarked = compares & (self.records["other"] != 0) & ~self.paid_by(funded)
        return ~own & (differs | unmarked)
