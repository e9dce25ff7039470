"""Accounts' counterparties out of a shard's memory, as the records that evidence carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from contract.evidence import COUNTERPARTY, MOST_COUNTERPARTIES
from contract.movement import HOLDER_KINDS
from detector.features.counterparties import counterparties
from detector.features.memory import PAIRS_FROM

_NEVER_PAYERS: Final = np.array([False, *(kind in ("public_body", "financial", "payment") for kind in HOLDER_KINDS)])
_SAME: Final = ("first_credit", "last_credit", "last_debit", "paid_in", "paid_out", "credits", "debits", "key", "region")
_SAME_TOO: Final = ("birth_year", "kind", "bits", "first_in_ms", "last_in_ms", "first_out_ms", "last_out_ms")


def gathered(memory: Any, rows: Any, none: Any) -> Iterator[tuple[bool, bytes]]:
    """For each account row whether its records are all of them, and the records; ``none`` marks those that send none."""
    accounts = memory.accounts[rows]
    # By whom it ever met: how many of them stand hangs on the sweep.
    sends = ~(none | (accounts["met"] > MOST_COUNTERPARTIES))
    counts = np.where(sends, accounts["pairs"], 0).astype(np.int64)
    ends = np.cumsum(counts)
    places = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    pairs = counterparties(memory, memory.members[np.repeat(accounts["members_at"].astype(np.int64), counts) + places])
    past = np.maximum(pairs["last_in_ms"], pairs["last_out_ms"]) < memory.counters[PAIRS_FROM]
    wanted = ~_NEVER_PAYERS[pairs["kind"]] & (pairs["credits"] + pairs["debits"] > 0) & ~past
    kept = np.zeros(int(wanted.sum()), COUNTERPARTY)
    for name in (*_SAME, *_SAME_TOO):
        kept[name] = pairs[name][wanted]
    left = np.concatenate([[0], np.cumsum(wanted)])
    starts, stops = left[ends - counts].tolist(), left[ends].tolist()
    for whole, start, stop in zip(sends.tolist(), starts, stops, strict=True):
        yield whole, kept[start:stop].tobytes()
