"""Rates of return: which payouts look like a period's interest, and the few rates that most of them share."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import inner, loop

CENTRES = 3
NEAR = 0.05
"""Lattice of regulation §2.1 F06b: at most three centres, each ±5 %."""


@inner
def is_rate(ratio: Any) -> Any:
    """A period's interest (0.2–10 %) or principal with interest (100.2–130 %)."""
    return 0.002 <= ratio <= 0.1 or 1.002 <= ratio <= 1.3


@loop
def find_lattice(r: Any, ratios: Any) -> None:
    """The at most three centres, each ±5 %, that hold most payout ratios; greedy over the sorted ratios."""
    values = np.sort(ratios)
    count = len(values)
    taken = np.zeros(count, np.bool_)
    for c in range(CENTRES):
        best, best_low, best_high = 0, 0, 0
        low, inside = 0, 0
        for high in range(count):
            if not taken[high]:
                inside += 1
            while values[low] * (1.0 + NEAR) < values[high] * (1.0 - NEAR):
                if not taken[low]:
                    inside -= 1
                low += 1
            if inside > best:
                best, best_low, best_high = inside, low, high
        if best == 0:
            return
        r.ratios_on_lattice += best
        total = 0.0
        for k in range(best_low, best_high + 1):
            if not taken[k]:
                total += values[k]
                taken[k] = True
        r.lattice[c] = total / best
