"""Accounts under an open flag are held: whatever they own stays, however long they are silent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from detector.features.layout import HELD
from detector.features.memory import Memory

NOBODY: Final = np.zeros(0, np.int32)


def hold(memory: Memory, held: Any, rows: Iterable[int]) -> Any:
    """Hold the accounts ``rows`` and no others; ``held``, and what is given back, are the rows held (int32, sorted)."""
    dirty = memory.accounts["dirty"]
    now = np.unique(np.fromiter(rows, np.int32))
    dirty[np.setdiff1d(held, now)] &= ~HELD
    dirty[np.setdiff1d(now, held)] |= HELD
    return now
