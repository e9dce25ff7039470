"""Accounts under an open flag are held: whatever they own stays, however long they are silent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from detector.features.layout import HELD
from detector.features.memory import ACCOUNTS, Memory


def hold(memory: Memory, held: Any, rows: Iterable[int]) -> Any:
    """Hold the accounts ``rows`` and no others; ``held`` and what is given back are the rows held (int32, sorted).

    Where ``held`` is None, as after a restart, it is read from the rows themselves.
    """
    dirty = memory.accounts["dirty"][: int(memory.counters[ACCOUNTS])]
    before = np.flatnonzero(dirty & HELD).astype(np.int32) if held is None else held
    now = np.unique(np.fromiter(rows, np.int32))
    if not np.array_equal(before, now):
        dirty[before] &= ~HELD
        dirty[now] |= HELD
    return now
