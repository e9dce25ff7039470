"""Entries of the business book written in a line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from detector.business import layout as lay
from detector.business.intake import Entries

DAY_MS = 86_400_000


def entry(event: int, day: int, amount: int, **fields: Any) -> dict[str, Any]:
    """A purchase of account 1 on a day, at noon by the clock of the epoch."""
    said = {
        "event": event, "account": 1, "day": day, "ms": day * DAY_MS, "amount": amount, "kind": lay.TRADE,
        "place": lay.SECURITIES, "count": 1,
    }  # fmt: skip
    return said | fields


def part_of(*rows: dict[str, Any]) -> Entries:
    """The rows as a batch's entries, each in the batch row of its place; event 7 is called ``e7``."""
    records = np.zeros(len(rows), lay.ENTRY)
    for k, row in enumerate(rows):
        for name, value in row.items():
            records[name][k] = value
    return Entries(np.arange(len(rows)), records, pa.array([f"e{row['event']}" for row in rows], pa.large_string()))
