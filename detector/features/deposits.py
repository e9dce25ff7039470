"""What persons began with: how large, how round and how different first payments are, and which were handed back."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import inner, loop
from detector.features.lattice import ROUND_MINOR
from detector.features.layout import MARKS_MINOR

DEPOSIT_PART = 10
KEPT, BACK, SERVED = range(3)
"""What became of a first payment: nothing was paid yet, it was handed back, another sum was paid."""


@loop
def count_tickets(r: Any, tickets: Any) -> None:
    """How many different round sums people began with, and how many began with the most frequent sum."""
    values = np.sort(tickets)
    r.tickets = len(values)
    run = 0
    for k in range(len(values)):
        if k == 0 or values[k] != values[k - 1]:
            r.ticket_kinds += values[k] % ROUND_MINOR == 0
            run = 0
        run += 1
        if run > r.ticket_mode:
            r.ticket_mode = run
            r.ticket_usual = values[k]


@loop
def count_deposits(r: Any, sums: Any) -> Any:
    """What persons who came lately brought first, 1,000 yuan and more: how large, how round and how different.

    Less than a tenth of what is brought typically is a friend's share of a bill beside twenty lenders' savings. Returns the
    least that counts.
    """
    values = np.sort(sums)
    if len(values) > 0:
        values = values[np.searchsorted(values, values[len(values) // 2] // DEPOSIT_PART) :]
    r.deposits = len(values)
    run = 0
    for k in range(len(values)):
        r.deposits_large += values[k] >= MARKS_MINOR[1]
        r.deposits_round += values[k] % ROUND_MINOR == 0
        if k == 0 or values[k] != values[k - 1]:
            r.deposit_kinds += values[k] % ROUND_MINOR == 0
            run = 0
        run += 1
        r.deposit_mode = max(r.deposit_mode, run)
    return values[0] if len(values) > 0 else np.int64(1)


@inner
def is_handed_back(e: Any) -> Any:
    """Whether all that was paid in was paid back, to the fen; with interest, in whatever payments, it is not."""
    return e.debits > 0 and e.paid_out == e.paid_in


@loop
def count_handed_back(r: Any, sums: Any, fates: Any, least: Any) -> None:
    """Of first payments of ``least`` and more: how many were handed back, and of how many another sum was paid."""
    for k in range(len(sums)):
        if sums[k] >= least:
            r.deposit_money += sums[k]
            if fates[k] == BACK:
                r.deposits_back += 1
                r.deposit_money_back += sums[k]
            elif fates[k] == SERVED:
                r.deposits_served += 1


@loop
def most_alike(sums: Any) -> Any:
    """How many of the sums are the most frequent one."""
    values, most, run = np.sort(sums), np.int64(0), np.int64(0)
    for k in range(len(values)):
        run = run + 1 if k > 0 and values[k] == values[k - 1] else np.int64(1)
        most = max(most, run)
    return most
