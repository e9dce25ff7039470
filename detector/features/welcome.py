"""A small sum before a large deposit: who is given a little first and then brings much was not paid before he paid in."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.days import DAY_MS, SHANGHAI_MS, day_of_ms
from detector.features.jit import inner
from detector.features.lattice import ROUND_MINOR
from detector.features.layout import MARKS_MINOR, NEVER, SCHEDULE_SLOTS
from detector.features.pair_ends import Ends
from detector.features.wages import LEAST_WAGE_MINOR

WELCOME_PART: Final = 20
"""What he brought is so many times what he was given first, and more: for a twentieth nobody worked or sold anything."""


@inner
def is_welcome(e: Any) -> Any:
    """Whether the first that the counterparty was ever paid is a gift that came with his deposit: less than a month's wage, at most a
    twentieth of what he has brought since, and what he began with then a round sum of 1,000 yuan and more.

    A dealer's first payment in a year may be a rebate on what he bought before anybody here saw it; goods cost odd sums.
    """
    before = e.first_out_ms < e.first_in_ms and e.debits > 0 and e.credits > 0
    small = e.first_debit < LEAST_WAGE_MINOR and e.first_debit * WELCOME_PART <= e.paid_in
    return before and small and e.first_credit >= MARKS_MINOR[0] and e.first_credit % ROUND_MINOR == 0


@inner
def _since(m: Any, e: Any) -> Any:
    """How often, how much and from when on he was paid after he first paid in, by his schedule of payouts.

    Of more payouts than a schedule holds, all but the gift count, from the earliest that it still holds.
    """
    count, paid, first_ms = np.int64(0), np.int64(0), np.int64(NEVER)
    if e.schedule >= 0:
        schedule, joined = m.schedules[e.schedule], day_of_ms(e.first_in_ms)
        for k in range(schedule.count):
            if schedule.days[k] >= joined:
                count += 1
                paid += schedule.amounts[k]
                first_ms = min(first_ms, (np.int64(schedule.days[k]) + 1) * DAY_MS - SHANGHAI_MS - 1)
    if count == SCHEDULE_SLOTS:
        count, paid = e.debits - 1, e.paid_out - e.first_debit
    if count == 0:
        count, paid, first_ms = np.int64(1), e.last_debit, e.last_out_ms
    return count, paid, min(first_ms, e.last_out_ms)


@inner
def without_welcome(m: Any, e: Any) -> Any:
    """Both sides of a pair as they would stand had he been given nothing before he first paid in; all others as they stand."""
    if not is_welcome(e):
        return e
    count, paid, first_ms, last_ms, last = np.int64(0), np.int64(0), np.int64(NEVER), np.int64(-NEVER), np.int64(0)
    if e.last_out_ms > e.first_in_ms:
        count, paid, first_ms = _since(m, e)
        last_ms, last = e.last_out_ms, e.last_debit
    return Ends(
        e.credits, e.first_in_ms, e.last_in_ms, e.paid_in, e.first_credit, e.last_credit,
        count, max(first_ms, e.first_in_ms + 1) if count > 0 else first_ms, last_ms, paid, last, last, e.principal, e.schedule,
    )  # fmt: skip
