"""The business book of a shard: entries as they come, settled an account when the shard's day turns, and only then."""

from __future__ import annotations

from copy import copy
from typing import Any, Final

import numpy as np

from contract.working_days import WorkingDays
from detector.block import Block
from detector.business import layout as lay
from detector.business import mirrored, parties, policies, trading
from detector.business.log import EntryLog
from detector.business.rows import BusinessRows
from detector.business.view import View

PLACES: Final = {lay.BANK: "bank", lay.SECURITIES: "securities", lay.INSURANCE: "insurance"}
MOST_EVIDENCE: Final = 20


class BusinessBook:
    """Exact state of trades and policies. Rows judged between two turns read what the last one settled, so that where a
    batch ends changes nothing; an account that was not looked at then has nothing settled.

    A turn copies the log once and sorts what came; a bank without securities transfers pays one comparison a movement.
    """

    def __init__(self, calendar: WorkingDays) -> None:
        self._calendar = calendar
        self._log = EntryLog()
        self._matches: Any = np.zeros(0, mirrored.MATCH)
        self._settled: Any = np.zeros(0, lay.BUSINESS)
        self._places: frozenset[str] = frozenset()
        self._day = 0
        self._marked: tuple[tuple[int, int], Any, dict[str, Any]] | None = None
        """The account and day last asked for events, its entries and their marks: several typologies ask of one."""

    @property
    def is_empty(self) -> bool:
        """Whether it has never had an entry."""
        return not self._places and not len(self._log.waiting()[0])

    @property
    def places(self) -> frozenset[str]:
        """What it has entries of that have been let in."""
        return self._places

    def as_it_stands(self) -> BusinessBook:
        """What was settled by the last turn, for reading: the next one puts new arrays in the place of old ones."""
        same = copy(self)
        vars(same).update(_log=copy(self._log), _marked=None)
        return same

    def add(self, block: Block, start: int, stop: int, status: Any) -> None:
        """Keep the rows ``start`` to ``stop`` of a block that ``status`` says were used."""
        if block.entries is not None:
            self._log.add(block.entries, start, stop, status)

    def take_in(self, day: int, seen_from_ms: int) -> Any:
        """Let in what came until ``day`` ended; returns keys of accounts whose picture others' movements changed."""
        came = self._log.take_in(day, seen_from_ms)
        # Where days are skipped the shard's day comes after the movements; groups are looked at as the newest of them.
        self._day = max(day, int(came["day"].max(initial=day)))
        entries = self._log.entries
        self._places = frozenset(PLACES[place] for place in np.unique(entries["place"]).tolist())
        self._settled = self._settled[:0]
        self._marked = None
        if "securities" in self._places:
            old = (self._matches["day"] <= day - lay.WHOLE_DAYS) & (self._matches["day"] > day - lay.KEEP_DAYS)
            self._matches = np.concatenate([self._matches[old], mirrored.matches_of(entries)])
        if "insurance" in self._places:
            return parties.touched_with(entries, came)
        return np.zeros(0, np.uint64)

    def settle(self, keys: Any, as_of: Any) -> Any:
        """Settle accounts (distinct keys) as their ``as_of`` days end, beside those settled since the turn; their columns."""
        entries = self._log.entries
        order = np.argsort(keys)
        keys, as_of = keys[order], np.broadcast_to(as_of, len(keys))[order].astype(np.int64)
        at = np.minimum(np.searchsorted(entries["account"], keys), max(len(entries) - 1, 0))
        known = entries["account"][at] == keys if len(entries) else np.zeros(len(keys), np.bool_)
        keys, as_of = keys[known], as_of[known]
        out = np.zeros(len(keys), lay.BUSINESS)
        if not len(keys):
            return out
        self._fill(keys, as_of, out)
        if "securities" in self._places:
            self._mirrored(out)
        if "insurance" in self._places:
            self._parties(out)
        both = np.concatenate([self._settled, out])
        self._settled = both[len(both) - 1 - np.unique(both["account"][::-1], return_index=True)[1]]
        return out

    def rows(self, keys: Any) -> BusinessRows | None:
        """What is settled of accounts, one a key, in the keys' order; nothing where the book has no entries."""
        if not self._places:
            return None
        columns = np.zeros(len(keys), lay.BUSINESS)
        if len(self._settled):
            at = np.minimum(np.searchsorted(self._settled["account"], keys), len(self._settled) - 1)
            known = self._settled["account"][at] == keys
            columns[known] = self._settled[at[known]]
        return BusinessRows(columns, self._places, lambda k, name: self.events(columns[k], name))

    def events(self, settled: Any, name: str) -> list[str]:
        """Event ids of a settled account's entries that the typology ``name`` speaks of, the newest 20 in order."""
        asked = (int(settled["account"]), int(settled["as_of"]))
        if self._marked is None or self._marked[0] != asked:
            keys = np.array(asked[:1], np.uint64)
            marks = self._fill(keys, np.array(asked[1:], np.int64), np.zeros(1, lay.BUSINESS))
            self._marked = (asked, self._log.of(keys)[0], marks)
        _, at, marks = self._marked
        return self._named(at[marks[name]]) if name in marks else []

    def newest(self, key: int) -> list[tuple[str, bool]]:
        """An account's newest 20 credits and 20 debits in order of arrival: event id and whether it is a debit."""
        at = self._log.of(np.array([key], np.uint64))[0]
        debit = self._log.entries["credit"][at] == 0
        kept = np.sort(np.concatenate([np.flatnonzero(side)[-MOST_EVIDENCE:] for side in (debit, ~debit)]))
        return [(self._log.ids[int(at[k])].as_py(), bool(debit[k])) for k in kept.tolist()]

    def _named(self, at: Any) -> list[str]:
        return [self._log.ids[int(place)].as_py() for place in at[-MOST_EVIDENCE:]]

    def _fill(self, keys: Any, as_of: Any, out: Any) -> dict[str, Any]:
        at, group, _ = self._log.of(keys)
        view = View(self._log.entries[at], group, len(keys), as_of, self._calendar)
        out["account"], out["as_of"], out["observed"] = keys, as_of, as_of - self._log.first_day
        np.maximum.at(out["place"], group, view.records["place"])
        marks: dict[str, Any] = {}
        if "bank" in self._places:
            marks |= trading.settle_bank(view, out)
        if "securities" in self._places:
            marks |= trading.settle(view, self._log.first_day, self._log.last_before(keys), out)
        if "insurance" in self._places:
            marks |= policies.settle(view, out)
        return marks

    def _mirrored(self, out: Any) -> None:
        matches = self._matches[self._matches["day"] >= self._calendar.window_start(self._day)]
        keys, told = mirrored.partners(matches)
        at, known = _places_in(keys, out["account"])
        for name in told.dtype.names or ():
            out[name][known] = told[name][at]

    def _parties(self, out: Any) -> None:
        entries, day = self._log.entries, self._day
        keys, clients, paid = parties.by_agents(entries, day)
        for name, values in (("agent_holders", clients), ("agent_paid", paid)):
            at = np.searchsorted(out["account"], keys)
            inside = (at < len(out)) & (out["account"][np.minimum(at, len(out) - 1)] == keys)
            np.maximum.at(out[name], at[inside], values[inside])
        keys, *told = parties.surrendered_together(entries, self._calendar.window_start(day), day)
        at, known = _places_in(keys, out["account"])
        for name, values in zip(("group_policies", "group_share", "group_sum"), told, strict=True):
            out[name][known] = values[at]

    def nbytes(self) -> int:
        """Bytes held."""
        return self._log.nbytes() + int(self._matches.nbytes + self._settled.nbytes)

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays."""
        return {**self._log.state(), "matches": self._matches, "settled": self._settled, "day": np.array([self._day])}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._log.restore(parts)
        self._matches = np.asarray(parts["matches"]).astype(mirrored.MATCH)
        self._settled = np.asarray(parts["settled"]).astype(lay.BUSINESS)
        self._day = int(parts["day"][0])
        self._places = frozenset(PLACES[place] for place in np.unique(self._log.entries["place"]).tolist())


def _places_in(keys: Any, wanted: Any) -> tuple[Any, Any]:
    """Where ``wanted`` keys stand among the sorted ``keys``, and which of them do."""
    if not len(keys):
        return np.zeros(0, np.int64), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    known = keys[at] == wanted
    return at[known], known
