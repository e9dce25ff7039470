"""Rates of return: which payouts look like a period's interest, and the few rates that most of them share."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import inner, loop

CENTRES = 3
NEAR = 0.05
"""Lattice of regulation §2.1 F06b: at most three centres, each ±5 %."""

INTEREST = (0.002, 0.1)
WITH_PRINCIPAL = (1.002, 1.3)
"""What a payout over its principal is where it is a period's interest, or principal with interest."""
AGAIN_TO = 0.3
"""Interest may be as high where the same person was paid twice and more."""
SAME = 0.01
ROUND_MINOR = 50_000
PROPORTION = 0.33


@inner
def is_rate(ratio: Any, again: Any) -> Any:
    """A period's interest (0.2–10 %) or principal with interest (100.2–130 %); up to 30 % where it was paid ``again``.

    One payment of a fifth is a discount or a commission; the same person paid so twice and more is promised returns.
    """
    interest = INTEREST[0] <= ratio <= INTEREST[1] or (again and INTEREST[0] <= ratio <= AGAIN_TO)
    return interest or WITH_PRINCIPAL[0] <= ratio <= WITH_PRINCIPAL[1]


@inner
def _of_a_part(paid: Any, parts: Any, rate: Any) -> Any:
    """Which of a payee's own payments ``paid`` is the ``rate`` of, ±1 %; 0 where of none."""
    for part in parts:
        if part > 0 and abs(paid / part - rate) <= SAME * rate:
            return part
    return np.int64(0)


@loop
def find_one_rate(r: Any, ratios: Any, principals: Any, parts: Any) -> None:
    """The one rate, ±1 %, that most payouts stand at, and how many different round principals it was paid on.

    The same sum to everybody is a rate too where everybody paid alike; on different principals it is not. Who paid in more than
    once is paid on each payment apart: once two stand at a rate of all they had paid in, others may, of one of their
    ``parts``.
    """
    order = np.argsort(ratios)
    low, best, best_low = 0, 0, 0
    for high in range(len(order)):
        while ratios[order[low]] * (1.0 + SAME) < ratios[order[high]] * (1.0 - SAME):
            low += 1
        if high - low + 1 > best:
            best, best_low = high - low + 1, low
    held = np.zeros(len(order), np.int64)
    held[best_low : best_low + best] = principals[order[best_low : best_low + best]]
    r.at_one_rate = best
    if best > 1:
        rate = (ratios[order[best_low]] + ratios[order[best_low + best - 1]]) / 2.0
        for k in range(len(order)):
            if held[k] == 0:
                held[k] = _of_a_part(ratios[order[k]] * principals[order[k]], parts[order[k]], rate)
                r.at_one_rate += held[k] > 0
    held.sort()
    before = np.int64(0)
    for principal in held:
        if principal != before and principal % ROUND_MINOR == 0:
            r.round_principals += 1
        before = principal


@loop
def _held(values: Any, taken: Any, near: Any) -> Any:
    """How many of the sorted values that are not ``taken`` lie within ``near`` of one centre at most, and between where."""
    best, best_low, best_high = 0, 0, 0
    low, inside = 0, 0
    for high in range(len(values)):
        if not taken[high]:
            inside += 1
        while values[low] * (1.0 + near) < values[high] * (1.0 - near):
            if not taken[low]:
                inside -= 1
            low += 1
        if inside > best:
            best, best_low, best_high = inside, low, high
    return best, best_low, best_high


@loop
def find_lattice(r: Any, ratios: Any) -> None:
    """The at most three centres, each ±5 %, that hold most payout ratios; greedy over the sorted ratios."""
    values = np.sort(ratios)
    taken = np.zeros(len(values), np.bool_)
    for c in range(CENTRES):
        best, low, high = _held(values, taken, NEAR)
        if best == 0:
            return
        r.ratios_on_lattice += best
        total = 0.0
        for k in range(low, high + 1):
            if not taken[k]:
                total += values[k]
                taken[k] = True
        r.lattice[c] = total / best


@loop
def in_proportion(ratios: Any) -> Any:
    """How many payout ratios lie within a third of one of two centres: interest, say, and what comes with the principal.

    Who promises returns pays more to whom he owes more, however he hides it. What is paid for goods knows nothing of what
    the seller had bought before.
    """
    values = np.sort(ratios)
    taken = np.zeros(len(values), np.bool_)
    held = 0
    for _ in range(2):
        best, low, high = _held(values, taken, PROPORTION)
        held += best
        taken[low : high + 1] = True
    return held
