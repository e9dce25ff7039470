"""The entries of a shard by account, with what came since the day's turn apart: exact, bounded, and made whole at a turn."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from detector.business import layout as lay
from detector.business.intake import Entries
from detector.business.windows import ids_of
from detector.features.columns import UNVERIFIED, USED

_NO_IDS: Final = pa.array([], pa.large_string())
PAST: Final = np.dtype([("account", "u8"), ("day", "i4")], align=True)
"""The newest trade of an account that is no longer kept as an entry."""


class EntryLog:
    """Entries (layout.ENTRY) sorted by account, then by arrival, with their event ids.

    Costs 120 bytes and an event id a movement for 92 days (an insurer's 400); trades older than five days are one entry
    a side and day. ``take_in`` copies the log once.
    """

    def __init__(self) -> None:
        self.entries: Any = np.zeros(0, lay.ENTRY)
        self.ids: pa.Array = _NO_IDS
        self.past: Any = np.zeros(0, PAST)
        self.first_day = 0
        self._waiting: list[tuple[Any, pa.Array]] = []

    def add(self, part: Entries, start: int, stop: int, status: Any) -> None:
        """Keep the entries whose batch row lies from ``start`` to ``stop`` and was used, as its ``status`` (a batch row) says."""
        low, high = np.searchsorted(part.at, (start, stop))
        mine = status[part.at[low:high]]
        chosen = low + np.flatnonzero((mine == USED) | (mine == UNVERIFIED))
        if len(chosen):
            self._waiting.append((part.records[chosen], part.ids.take(pa.array(chosen))))

    def waiting(self) -> tuple[Any, pa.Array]:
        """What came since the last turn, in order of arrival."""
        if not self._waiting:
            return np.zeros(0, lay.ENTRY), _NO_IDS
        if len(self._waiting) > 1:
            records, ids = zip(*self._waiting, strict=True)
            self._waiting = [(np.concatenate(records), pa.concat_arrays(ids))]
        return self._waiting[0]

    def take_in(self, day: int, seen_from_ms: int) -> Any:
        """Let in what waits as ``day`` ends and drop what is old; returns the records that came, reversals included."""
        new, ids = self.waiting()
        self._waiting = []
        if self.first_day == 0 and len(new):
            self.first_day = int(new["day"].min())
        records, ids = np.concatenate([self.entries, new]), pa.concat_arrays([self.ids, ids])
        kept = _alive(records, len(self.entries), seen_from_ms)
        horizon = day - np.where(records["place"] == lay.INSURANCE, lay.KEEP_POLICY_DAYS, lay.KEEP_DAYS)
        old = kept & (records["day"] <= horizon)
        self._remember(records[old & (records["kind"] == lay.TRADE)])
        kept &= ~old & _merged(records, day, kept)
        order = np.flatnonzero(kept)
        order = order[np.argsort(records["account"][order], kind="stable")]
        self.entries, self.ids = records[order], ids.take(pa.array(order))
        return new

    def of(self, keys: Any) -> tuple[Any, Any, Any]:
        """Positions, group and number of the entries of the sorted account ``keys``; the group is a key's place."""
        low = np.searchsorted(self.entries["account"], keys)
        count = np.searchsorted(self.entries["account"], keys, side="right") - low
        group = np.repeat(np.arange(len(keys)), count)
        at = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
        return at, group, count

    def last_before(self, keys: Any) -> Any:
        """Day of the newest trade that is no longer an entry, 0 where none is known."""
        if not len(self.past):
            return np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.past["account"], keys), len(self.past) - 1)
        return np.where(self.past["account"][at] == keys, self.past["day"][at], 0).astype(np.int64)

    def _remember(self, trades: Any) -> None:
        if not len(trades):
            return
        fresh = np.zeros(len(trades), PAST)
        fresh["account"], fresh["day"] = trades["account"], trades["day"]
        both = np.concatenate([self.past, fresh])
        both = both[np.lexsort((both["day"], both["account"]))]
        last = np.append(both["account"][1:] != both["account"][:-1], True)
        self.past = both[last]

    def nbytes(self) -> int:
        """Bytes held."""
        new, ids = self.waiting()
        return int(self.entries.nbytes + self.ids.nbytes + self.past.nbytes + new.nbytes + ids.nbytes)

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays."""
        new, ids = self.waiting()
        parts = {"entries": self.entries, "past": self.past, "new": new, "first_day": np.array([self.first_day])}
        for name, column in (("ids", self.ids), ("new_ids", ids)):
            text = "".join(column.to_pylist()).encode("ascii")
            parts[f"{name}_text"] = np.frombuffer(text, np.uint8)
            parts[f"{name}_length"] = np.array([len(one) for one in column.to_pylist()], np.uint8)
        return parts

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self.entries = np.asarray(parts["entries"]).astype(lay.ENTRY)
        self.past = np.asarray(parts["past"]).astype(PAST)
        self.first_day = int(parts["first_day"][0])
        self.ids = _texts(parts, "ids")
        new = np.asarray(parts["new"]).astype(lay.ENTRY)
        self._waiting = [(new, _texts(parts, "new_ids"))] if len(new) else []


def _texts(parts: dict[str, Any], name: str) -> pa.Array:
    lengths = np.asarray(parts[f"{name}_length"]).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    text = np.ascontiguousarray(parts[f"{name}_text"], np.uint8)
    return pa.LargeStringArray.from_buffers(len(lengths), pa.py_buffer(offsets.tobytes()), pa.py_buffer(text.tobytes()))


def _alive(records: Any, first_new: int, seen_from_ms: int) -> Any:
    """Which entries stand once every reversal has taken back the one it names: the other direction's first, as booked."""
    kept = records["kind"] != lay.REVERSAL
    reversals = first_new + np.flatnonzero(~kept[first_new:])
    if not len(reversals):
        return kept
    named = kept & (records["ms"] >= seen_from_ms) & np.isin(records["event"], records["subject"][reversals])
    candidates = np.flatnonzero(named)
    for place in reversals:
        one, before = records[place], candidates[: np.searchsorted(candidates, place)]
        same = (records["event"][before] == one["subject"]) & (records["account"][before] == one["account"]) & kept[before]
        found = before[same]
        if len(found):
            against = found[records["credit"][found] != one["credit"]]
            kept[against[0] if len(against) else found[0]] = False
    return kept


def _merged(records: Any, day: int, kept: Any) -> Any:
    """Sum single trades that are old enough into the first of their account, day and side; which entries then stay."""
    stay = np.ones(len(records), np.bool_)
    single = (
        kept & (records["kind"] == lay.TRADE) & (records["bits"] & lay.MERGED == 0) & (records["day"] <= day - lay.WHOLE_DAYS)
    )
    at = np.flatnonzero(single)
    if not len(at):
        return stay
    group, first = ids_of(records["account"][at], records["day"][at], records["credit"][at])
    leaders = at[first]
    for name in ("amount", "count"):
        sums = np.zeros(len(first), np.int64)
        np.add.at(sums, group, records[name][at])
        records[name][leaders] = sums
    records["bits"][leaders] |= lay.MERGED
    for name in ("subject", "quantity"):
        records[name][leaders] = 0
    stay[at] = False
    stay[leaders] = True
    return stay
