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
def _given_first(m: Any, e: Any) -> Any:
    """What he was paid before he first paid in: all but what his schedule holds since, or where that is full, what came first."""
    if e.schedule < 0:
        return np.int64(e.paid_out) if e.last_out_ms <= e.first_in_ms else np.int64(e.first_debit)
    schedule, since = m.schedules[e.schedule], np.int64(0)
    for k in range(schedule.count):
        since += schedule.amounts[k]
    return (
        max(np.int64(e.paid_out) - since, np.int64(e.first_debit)) if schedule.count < SCHEDULE_SLOTS else np.int64(e.first_debit)
    )


@inner
def is_welcome(m: Any, e: Any) -> Any:
    """Whether what the counterparty was paid before he paid in is a gift that came with his deposit: less than a month's wage, at
    most a twentieth of what he has brought since, and what he began with then a round sum of 1,000 yuan and more.

    A dealer's first payment in a year may be a rebate on what he bought before anybody here saw it; goods cost odd sums.
    """
    before = e.first_out_ms < e.first_in_ms and e.debits > 0 and e.credits > 0
    if not before:
        return False
    given = _given_first(m, e)
    small = given < LEAST_WAGE_MINOR and given * WELCOME_PART <= e.paid_in
    return small and e.first_credit >= MARKS_MINOR[0] and e.first_credit % ROUND_MINOR == 0


@inner
def _first_since(m: Any, e: Any) -> Any:
    """When he was first paid after he first paid in: the end of that day, as his schedule of payouts still holds it."""
    first_ms, joined = np.int64(e.last_out_ms), day_of_ms(e.first_in_ms)
    if e.schedule >= 0:
        schedule = m.schedules[e.schedule]
        for k in range(schedule.count):
            if schedule.days[k] >= joined:
                first_ms = min(first_ms, (np.int64(schedule.days[k]) + 1) * DAY_MS - SHANGHAI_MS - 1)
    return max(first_ms, e.first_in_ms + 1)


@inner
def without_welcome(m: Any, e: Any) -> Any:
    """Both sides of a pair as they would stand had he not been given a small sum before he first paid in; others as they are."""
    if not is_welcome(m, e):
        return e
    none = np.int64(0)
    if e.last_out_ms <= e.first_in_ms:
        return Ends(
            e.credits, e.first_in_ms, e.last_in_ms, e.paid_in, e.first_credit, e.last_credit,
            none, np.int64(NEVER), np.int64(-NEVER), none, none, none, e.principal, e.schedule,
        )  # fmt: skip
    return Ends(
        e.credits, e.first_in_ms, e.last_in_ms, e.paid_in, e.first_credit, e.last_credit,
        e.debits - 1, _first_since(m, e), e.last_out_ms, e.paid_out - e.first_debit, e.last_debit, e.last_debit,
        e.principal, e.schedule,
    )  # fmt: skip
