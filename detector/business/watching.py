"""Which accounts the book wants judged, and the block of remembered events that they need for it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.business.book import BusinessBook
from detector.business.parties import LEAST_GROUP
from detector.features import memory as mem
from detector.features.forgetting import let_fall_silent
from detector.features.growth import with_room
from detector.features.layout import TAG_DEBIT
from detector.features.remembering import SIZES, UNIT, whole_entry
from detector.features.tables import account_rows

_SUMS: Final = (
    "flow_w10",
    "paid_others",
    "turnover_w30",
    "hesitant_sum",
    "early_third",
    "unrelated",
    "cash_premiums",
    "claims_third",
    "loan",
)
_COUNTS: Final = ("custody_moves", "mirrored", "agent_holders", "group_policies")


def worth_watching(settled: Any, least_sum: int) -> Any:
    """Accounts with a sum of ``least_sum`` or a group of three; no typology of the book can fire on less."""
    worth = (settled["overpaid_back"] > 0) | (settled["near_sum"] > 0)
    for name in _SUMS:
        worth |= settled[name] >= least_sum
    for name in _COUNTS:
        worth |= settled[name] >= LEAST_GROUP
    return worth


def rows_of(memory: mem.Memory, keys: Any) -> Any:
    """Rows (int32) of accounts by key, in the keys' order; all of them are in memory."""
    return account_rows(memory.account_index, memory.accounts, np.asarray(keys, np.uint64))


def watched(memory: mem.Memory, book: BusinessBook, keys: Any) -> mem.Memory:
    """Memory in which the accounts have blocks of remembered events, filled from the book where they are new.

    The loop gives a block to who collects; what surrenders, lends and claims it has no reason to watch. Who has been silent
    for long loses the old block first: whether the sweep has passed decides nothing.
    """
    rows = rows_of(memory, keys)
    let_fall_silent(memory, rows)
    for key, row in zip(keys.tolist(), rows.tolist(), strict=True):
        if memory.accounts[row]["evidence"] >= 0:
            continue
        memory = with_room(memory)
        _begin(memory, row, book.newest(key))
    return memory


def _begin(memory: mem.Memory, row: int, events: list[tuple[str, bool]]) -> None:
    """Give the account a new block with these events (id and whether a debit), oldest first, as the loop writes one."""
    entries = [whole_entry(name, TAG_DEBIT if debit else 0) for name, debit in events]
    block = np.frombuffer(b"".join(entries), np.uint8)
    size_class = int(np.searchsorted(SIZES, len(block)))
    at = int(memory.counters[mem.EVIDENCE])
    memory.counters[mem.EVIDENCE] += int(SIZES[size_class])
    memory.evidence[at : at + len(block)] = block
    account = memory.accounts[row : row + 1]
    account["evidence"], account["evidence_class"], account["evidence_used"] = at // UNIT, size_class, len(block)
