"""Whose turn has come: what those brought who came as long ago as a return takes, and what of it belongs to who was paid back."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.days import DAY_MS, SHANGHAI_MS
from detector.features.jit import loop


@loop
def count_due(r: Any, as_of: Any, first_in_ms: Any, staked: Any, took_ms: Any) -> None:
    """Fill ``due_money`` and ``due_served`` of the row; ``took_ms`` is from the first payment in to the first back, or -1.

    Who promises returns pays those whose time has come, or he is found out. Where most money of that age belongs to somebody
    who never gets any back, another earns what is paid: a platform whose drivers a fleet pays had left deposits with it.
    """
    served = took_ms[took_ms >= 0]
    if len(served) == 0:
        return
    turn = (as_of + 1) * DAY_MS - SHANGHAI_MS - np.int64(np.median(served))
    for k in range(len(staked)):
        if first_in_ms[k] <= turn:
            r.due_money += staked[k]
            if took_ms[k] >= 0:
                r.due_served += staked[k]
