"""What a shard tells the scheme process when its day turns: evidence of candidate accounts that changed, then the day's mark."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.evidence import NAMES, DayMark, Evidence, Names, Record, Spoken
from contract.profile import ACCOUNT_TYPES, LICENCES
from detector.block import Block
from detector.catalogue import LinkRules
from detector.decision import CATEGORY_NAMES
from detector.features.memory import ACCOUNTS, ELDERLY, KNOWN_AGES
from detector.features.pretexts import pretext_tags
from detector.flag_book import Book, holder_of
from detector.parts import part, under
from detector.schemes.candidates import TOLD, are_candidates, are_due, are_known, have_moved, tell
from detector.schemes.devices import DeviceBook
from detector.schemes.gathering import gathered
from detector.schemes.link_book import LinkBook
from detector.schemes.newest_events import NewestEvents

NAMES_AT_ONCE: Final = 32_768
"""Names in a record: half a megabyte."""


def _word(words: tuple[str, ...], code: int) -> str | None:
    return words[code - 1] if code else None


class Telling:
    """One shard's side of the schemes; beside the kernel, so that a shard that tells nothing pays nothing."""

    def __init__(self, institution: str, partition: int, rules: LinkRules) -> None:
        self._institution = institution
        self._partition = partition
        self._told = np.zeros(1024, TOLD)
        self._named = 0
        self._links = LinkBook()
        self._devices = DeviceBook(rules.least_device_days) if rules.use_devices else None
        self._events = NewestEvents()

    def profiles(self, batch: pa.RecordBatch, refused: Any, memory: Any) -> None:
        """Learn what holders share from a profile batch that the shard has taken, but for ``refused`` rows."""
        self._links.profiles(batch, refused, memory)

    def add(self, block: Block, start: int, stop: int, status: Any) -> None:
        """Note who acted, and movements with persons, of rows that the shard has just consumed."""
        self._links.agents(block, start, stop, status)
        if self._devices is not None:
            self._devices.add(block, start, stop, status)
        self._events.add(block, start, stop, status)

    def empty(self, closed: int) -> list[Record]:
        """The mark of a shard that nothing has come to: nobody need wait for it."""
        return [DayMark(institution_code=self._institution, partition=self._partition, day=closed)]

    def turn(self, rows: Any, day: int, closed: int, memory: Any, book: Book) -> list[Record]:
        """Records of the shard's ``day``, and the mark that all days up to ``closed`` are over.

        ``rows`` are the accounts that moved or were judged, in order. About 1 µs for each of them and 5 µs for one that is
        told, with 0.05 µs a counterparty.
        """
        count = int(memory.counters[ACCOUNTS])
        if count > len(self._told):
            self._told = np.concatenate([self._told, np.zeros(max(count, 2 * len(self._told)) - len(self._told), TOLD)])
        self._links.settle(memory)
        if self._devices is not None:
            self._devices.settle(memory)
        records: list[Record] = list(self._names(day, count, memory))
        rows = np.union1d(rows, np.flatnonzero(self._told["waits"][:count]))
        accounts = memory.accounts[rows]
        category = np.array([book.open[row].category if row in book.open else 0 for row in rows.tolist()], np.int8)
        due = are_candidates(accounts) & are_due(accounts, category, self._told[rows], day)
        self._told["waits"][rows] = (
            are_candidates(accounts) & ~are_known(accounts) & ~due & have_moved(accounts, self._told[rows])
        )
        chosen, accounts, category = rows[due], accounts[due], category[due]
        self._told[chosen] = tell(accounts, category, day)
        events = self._events.of(accounts["key"])
        self._events.forget()
        usual = round(float(memory.counters[ELDERLY]) / max(float(memory.counters[KNOWN_AGES]), 1.0), 6)
        known = are_known(accounts)
        for k, (row, (whole, columns)) in enumerate(zip(chosen.tolist(), gathered(memory, chosen, known), strict=True)):
            records.append(self._evidence(row, accounts[k], day, memory, book, whole, columns, events[k], usual))
        return [*records, *self.empty(closed)]

    def _names(self, day: int, count: int, memory: Any) -> list[Names]:
        """Holders of accounts that have not been named yet, in order of their rows."""
        told = self._told["named"][:count]
        rows = np.flatnonzero((told == 0) & (memory.accounts["customer_key"][:count] != 0))
        self._told["named"][rows] = 1
        found = np.zeros(len(rows), NAMES)
        found["account"], found["customer"] = memory.accounts["key"][rows], memory.accounts["customer_key"][rows]
        made = []
        for at in range(0, len(rows), NAMES_AT_ONCE):
            self._named += 1
            made.append(
                Names(
                    institution_code=self._institution,
                    partition=self._partition,
                    as_of=day,
                    number=self._named,
                    names=found[at : at + NAMES_AT_ONCE].tobytes(),
                )
            )
        return made

    def _evidence(
        self,
        row: int,
        account: Any,
        day: int,
        memory: Any,
        book: Book,
        whole: bool,
        columns: bytes,
        events: list[str],
        usual: float,
    ) -> Evidence:
        holder, flag = holder_of(memory, row, account), book.open.get(row)
        counting = [one for one in flag.findings.values() if one.strength > 0 and one.family != "model"] if flag else []
        return Evidence(
            institution_code=self._institution,
            partition=self._partition,
            account_id=holder.account_id,
            customer_id=holder.customer_id,
            as_of=day,
            institution_type=holder.institution_type,
            branch_region=holder.branch_region,
            subject_region=holder.subject_region,
            holder_kind=holder.holder_kind,
            licence=_word(LICENCES, int(account["licence"])),
            account_type=_word(ACCOUNT_TYPES, int(account["account_type"])),
            opened=int(account["opened"]),
            category=CATEGORY_NAMES[flag.category] if flag else None,
            findings=[Spoken(one.typology, one.family, one.strength) for one in sorted(counting, key=lambda one: one.typology)],
            links=self._links.of(row) + (self._devices.of(row, day) if self._devices is not None else []),
            first_ms=int(account["first_ms"]),
            last_ms=int(account["last_ms"]),
            credited=int(account["credited"]),
            debited=int(account["debited"]),
            usual_elderly=usual,
            tags=pretext_tags(int(account["pretexts"])),
            whole=whole,
            counterparties=columns,
            events=events,
        )

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays and bytes."""
        parts = {"told": self._told, "named": np.array([self._named], np.int64)}
        parts |= under("links", self._links.state()) | under("events", self._events.state())
        return parts | (under("devices", self._devices.state()) if self._devices is not None else {})

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._told = np.array(parts["told"]).astype(TOLD)
        self._named = int(parts["named"][0])
        self._links.restore(part("links", parts))
        if self._devices is not None:
            self._devices.restore(part("devices", parts))
        self._events.restore(part("events", parts))
