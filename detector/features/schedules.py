"""Payout schedules: when and how much one who had paid in before was paid, and whether that is at even intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from detector.features.days import day_of_ms
from detector.features.jit import inner
from detector.features.layout import SCHEDULE_SLOTS
from detector.features.memory import FREE_SCHEDULES, SCHEDULES
from detector.features.pair_ends import second_side

PERIODS = np.array([1.0, 7.0, 10.0, 15.0, 30.0, 90.0])
"""Days between payouts that schemes promise, regulation §2.1 F05; each ±15 %."""
NEAR = 0.15
MOST_AMOUNT_SPREAD = 0.10
LEAST_PAYOUTS = 3


@inner
def _insert(schedule: Any, day: Any, amount: Any) -> None:
    """Keep the newest payouts sorted by day and amount, so that the order of arrival does not matter."""
    count = schedule.count
    if count == SCHEDULE_SLOTS:
        if day < schedule.days[0] or (day == schedule.days[0] and amount <= schedule.amounts[0]):
            return
        for k in range(count - 1):
            schedule.days[k] = schedule.days[k + 1]
            schedule.amounts[k] = schedule.amounts[k + 1]
        count -= 1
    at = count
    while at > 0 and (schedule.days[at - 1] > day or (schedule.days[at - 1] == day and schedule.amounts[at - 1] > amount)):
        schedule.days[at] = schedule.days[at - 1]
        schedule.amounts[at] = schedule.amounts[at - 1]
        at -= 1
    schedule.days[at] = day
    schedule.amounts[at] = amount
    schedule.count = count + 1


@inner
def note_payout(m: Any, pair: Any, e: Any, amount: Any, ms: Any) -> None:
    """Remember a debit to a person that has paid in; the caller makes sure of room for one more schedule."""
    if pair.kind > 1 or e.credits == 0:
        return
    side = m.sides[second_side(m, pair)]
    if side.schedule < 0:
        at = m.counters[FREE_SCHEDULES]
        if at >= 0:
            m.counters[FREE_SCHEDULES] = m.schedules[at].count
        else:
            at = m.counters[SCHEDULES]
            m.counters[SCHEDULES] = at + 1
        side.schedule = at
        m.schedules[side.schedule].count = 0
    schedule = m.schedules[side.schedule]
    if schedule.count == 0 and e.debits == 1 and e.first_in_ms < e.last_out_ms:
        # The payin came late, after its first payout.
        _insert(schedule, day_of_ms(e.last_out_ms), e.last_debit)
    _insert(schedule, day_of_ms(ms), amount)


@inner
def take_payout_back(m: Any, at: Any, amount: Any, ms: Any) -> None:
    """Forget a payout that was reversed; ``at`` is the schedule, or -1."""
    if at < 0:
        return
    schedule, day = m.schedules[at], day_of_ms(ms)
    for k in range(schedule.count):
        if schedule.days[k] == day and schedule.amounts[k] == amount:
            for later in range(k, schedule.count - 1):
                schedule.days[later] = schedule.days[later + 1]
                schedule.amounts[later] = schedule.amounts[later + 1]
            schedule.count -= 1
            return


@inner
def _median(values: Any, count: Any) -> Any:
    """Median of the first ``count`` values, which it sorts: a schedule is too short for anything cleverer."""
    for k in range(1, count):
        value, at = values[k], k
        while at > 0 and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value
    return (values[(count - 1) // 2] + values[count // 2]) / 2.0


@inner
def _vary_little(amounts: Any, count: Any) -> Any:
    """Whether the first ``count`` amounts' standard deviation is at most a tenth of their mean."""
    total, squares = 0.0, 0.0
    for k in range(count):
        total += np.float64(amounts[k])
    mean = total / count
    for k in range(count):
        squares += (amounts[k] - mean) ** 2
    return math.sqrt(squares / count) <= MOST_AMOUNT_SPREAD * mean


@inner
def period_of(schedule: Any, gaps: Any) -> Any:
    """Days between payouts where these are periodic, else 0: at least three, gaps near one period, amounts alike.

    The gaps' median lies within 15 % of a period (a day either way for months of different length) and their median
    deviation within 15 % of it; amounts vary by at most 10 %. ``gaps`` is scratch, float64[SCHEDULE_SLOTS].
    """
    if schedule.count < LEAST_PAYOUTS:
        return 0.0
    count = schedule.count - 1
    for k in range(count):
        gaps[k] = schedule.days[k + 1] - schedule.days[k]
    middle = _median(gaps, count)
    for k in range(count):
        gaps[k] = abs(gaps[k] - middle)
    if middle <= 0 or _median(gaps, count) > NEAR * middle or not _vary_little(schedule.amounts, schedule.count):
        return 0.0
    for period in PERIODS:
        if abs(middle - period) <= NEAR * period:
            return period
    return 0.0
