"""Levels of a pyramid on one account: whoever enters pays one fee, and parts of it go at once to those above him (F16)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.days import day_of_ms
from detector.features.frequent import most_frequent
from detector.features.jit import inner, loop
from detector.features.layout import MOST_LEVELS, SCHEDULE_SLOTS
from detector.features.pair_ends import ends_of
from detector.features.pairs import is_person, is_returnee
from detector.features.welcome import without_welcome

LEAST_FEES: Final = 30
LEAST_PAID: Final = 10
LEAST_FEE_MINOR: Final = 50_000
"""Below 500 yuan neighbours share an order, and any change that one of them has back is some exact part of it."""
LEAST_OF_LEVEL: Final = 3
"""Persons who must have been paid a part of the fee before it is a level; the top of a pyramid is narrow."""
SMALLEST_PART, LARGEST_PART = 0.01, 0.6
FINENESS: Final = 200
"""Parts are promised in whole or half per cents, and paid to the fen."""
DAYS: Final = 90
ENTRY_DAYS: Final = 7
"""A part is paid within so many days of somebody's entry."""


@loop
def _entered(m: Any, a: Any, as_of: Any) -> Any:
    """Whether anybody entered within ``ENTRY_DAYS`` before each day of the last 90, by days ago."""
    tied = np.zeros(DAYS, np.bool_)
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        if not is_person(pair):
            continue
        e = ends_of(m, pair)
        if e.credits > 0:
            ago = as_of - day_of_ms(e.first_in_ms)
            for later in range(max(ago - ENTRY_DAYS, 0), min(ago + 1, DAYS)):
                tied[later] = True
    return tied


@inner
def _is_part(amount: Any, fee: Any) -> Any:
    return SMALLEST_PART * fee <= amount <= LARGEST_PART * fee and amount * FINENESS % fee == 0


@inner
def _paid(m: Any, a: Any, r: Any, as_of: Any, tied: Any, parts: Any) -> Any:
    """Fill ``parts``, a row a payee, with the sums that he was paid and that can be a level's, zeros else; how many payees."""
    payees = 0
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        e = without_welcome(m, ends_of(m, pair))
        if not is_person(pair) or e.schedule < 0 or not is_returnee(e) or as_of - day_of_ms(e.last_out_ms) >= DAYS:
            continue
        schedule = m.schedules[e.schedule]
        for slot in range(schedule.count):
            ago = as_of - schedule.days[slot]
            if 0 <= ago < DAYS:
                r.level_known += 1
                if tied[ago] and _is_part(schedule.amounts[slot], r.ticket_usual):
                    parts[payees, slot] = schedule.amounts[slot]
        payees += 1
    return payees


@loop
def _takers(parts: Any, payees: Any) -> Any:
    """Each sum once a payee who was paid it, sorted."""
    once, count = np.empty(payees * SCHEDULE_SLOTS, np.int64), 0
    for k in range(payees):
        for slot in range(SCHEDULE_SLOTS):
            is_new = parts[k, slot] > 0
            for before in range(slot):
                is_new &= parts[k, before] != parts[k, slot]
            if is_new:
                once[count] = parts[k, slot]
                count += 1
    return np.sort(once[:count])


@loop
def count_levels(m: Any, a: Any, r: Any, as_of: Any) -> None:
    """Fill the ``level`` fields of the row, where most payers of 90 days began with one fee and some are paid.

    Of what each was paid the newest payouts are remembered (``SCHEDULE_SLOTS``): counts are at least so large.
    """
    if r.ticket_usual < LEAST_FEE_MINOR or r.tickets < LEAST_FEES or 2 * r.ticket_mode < r.tickets or r.returns < LEAST_PAID:
        return
    parts = np.zeros((a.pairs, SCHEDULE_SLOTS), np.int64)
    payees = _paid(m, a, r, as_of, _entered(m, a, as_of), parts)
    levels = np.zeros(MOST_LEVELS, np.int64)
    r.level_parts = most_frequent(_takers(parts, payees), levels, LEAST_OF_LEVEL)
    of_parts = np.sort(levels)[::-1]
    for n in range(MOST_LEVELS):
        r.level[n] = of_parts[n] / r.ticket_usual
    for k in range(payees):
        different, before = 0, np.int64(0)
        own = np.sort(parts[k])
        for amount in own:
            at_level = False
            for n in range(r.level_parts):
                at_level |= amount == levels[n]
            r.level_payouts += at_level
            different += at_level and amount != before
            before = amount
        r.level_payees += different > 0
        r.level_several += different > 1
