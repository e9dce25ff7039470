"""What accounts and some of their counterparties did with each other, read from the counterparty table."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from detector.features.counterparties import counterparties
from detector.features.memory import PAIRS, Memory


class Dealings(NamedTuple):
    """Columns, one entry a pair; money in minor units, cumulative; ``last_ms`` of the pair's newest movement."""

    account: Any
    paid_in: Any
    paid_out: Any
    last_ms: Any


def keys_of(memory: Memory) -> Any:
    """Counterparty keys of all pairs (uint64, strided, no copy)."""
    return memory.pairs["key"][: int(memory.counters[PAIRS])]


def dealings_of(memory: Memory, at: Any) -> Dealings:
    """Of the pairs at these places."""
    pairs = counterparties(memory, at)
    newest = np.maximum(pairs["last_in_ms"], pairs["last_out_ms"])
    return Dealings(pairs["account"], pairs["paid_in"], pairs["paid_out"], newest)
