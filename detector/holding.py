"""Accounts under an open flag are held: long silence takes nothing of them, their remembered movements least of all.

Their days go into weeks all the same, and their weeks and counterparties of more than a year ago are past as anybody's.
"""

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
