"""What only the counterparty table says: concentration, returns and their rates, ages, places, remarks by payer."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from contract.movement import OCCUPATIONS
from detector.features.days import day_of_ms, year_of
from detector.features.jit import inner, loop
from detector.features.lattice import ROUND_MINOR, find_lattice, find_one_rate, in_proportion, is_rate
from detector.features.layout import (
    ELDERLY_FROM,
    FORGET_PAIR_DAYS,
    MARKS_MINOR,
    PAIR_ON_PAYROLL,
    PAIR_TEXT_FUND,
    PAIR_TEXT_IN,
    PAIR_TEXT_OUT,
    PAIR_TEXT_P2P,
    PAIR_TEXT_POLICY,
    PAIR_TEXT_STRONG,
    PAIR_TEXT_WEAK,
    W30,
    W90,
)
from detector.features.pair_ends import ends_of
from detector.features.pairs import is_person, is_refund, is_returnee
from detector.features.schedules import PERIODS, period_of

WALK_FROM = 10
"""Distinct payers or payees within 90 days from which the counterparty table is walked at all."""
WALK_MANY = 15
WALK_SPOKEN = 3
MOST_OVERPAID = 3
AT_ONCE_DAYS = 3
PARTLY_FROM = 0.5
MOST_TICKETS = 2_000
HUB_PAIRS = 100_000
"""A hub beyond this is not walked: no fund-raiser is met there that the lines do not show, and a walk costs 10 ms."""
CITIES = 128
STUDENT = OCCUPATIONS.index("student") + 1
OUT10, OUT30, IN10, IN30 = range(4)


@loop
def _top3(tops: Any, value: Any) -> None:
    for k in range(3):
        if value > tops[k]:
            value, tops[k] = tops[k], value


@inner
def _concentrate(tops: Any, sums: Any, which: Any, amount: Any, inside: Any) -> None:
    if inside:
        sums[which] += amount
        _top3(tops[which], float(amount))


@inner
def _payer(r: Any, pair: Any, year: Any) -> None:
    """What is known of a person that paid in within 90 days."""
    if pair.birth_year > 0:
        r.known_ages += 1
        r.elderly += year - pair.birth_year >= ELDERLY_FROM
    if pair.occupation > 0:
        r.known_occupations += 1
        r.students += pair.occupation == STUDENT
    if pair.bits & PAIR_TEXT_IN:
        r.text_in_payers += 1
    if pair.bits & PAIR_TEXT_STRONG:
        r.text_strong_payers += 1
    if pair.bits & PAIR_TEXT_P2P:
        r.text_p2p_payers += 1
    if pair.bits & PAIR_TEXT_FUND:
        r.text_fund_payers += 1
    if pair.bits & PAIR_TEXT_POLICY:
        r.text_policy_payers += 1


@inner
def _count_city(cities: Any, people: Any, city: Any) -> None:
    """Count one person of a city, open addressing; beyond the table's size further cities share a slot."""
    slot = city % CITIES
    for _ in range(CITIES):
        if cities[slot] == city or cities[slot] == 0:
            break
        slot = (slot + 1) % CITIES
    cities[slot] = city
    people[slot] += 1


@inner
def _spread(r: Any, people: Any) -> None:
    """Number of cities that payers come from, and the entropy of their shares."""
    total = people.sum()
    r.known_regions = total
    for k in range(len(people)):
        if people[k] > 0:
            r.cities += 1
            part = people[k] / total
            r.city_entropy -= part * math.log(part)


OVERDUE: Final = 1.5
"""Periods since a payee was last paid from which he is late: half a period over (regulation §2.1 F18)."""


@inner
def _count_period(periods: Any, period: Any) -> None:
    for k in range(len(periods)):
        if PERIODS[k] == period:
            periods[k] += 1


@inner
def is_return(e: Any) -> Any:
    """Whether what a returnee was paid can be a return on what he had paid in.

    Who is paid many times what he ever paid sells (a farmer his grain to whom he buys seed from); who is given more than
    half back once, and not all, gets a fee or deposit back less what was used of it.
    """
    of_all = PARTLY_FROM * e.paid_in < e.paid_out < e.paid_in
    of_first = PARTLY_FROM * e.first_credit < e.paid_out < e.first_credit
    partly = e.debits == 1 and (of_all or of_first)
    return e.paid_out <= MOST_OVERPAID * e.paid_in and not partly


@loop
def _count_tickets(r: Any, tickets: Any) -> None:
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
def _count_deposits(r: Any, sums: Any) -> None:
    """What persons who came lately brought first, 1,000 yuan and more: how large, how round and how different."""
    values = np.sort(sums)
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


@inner
def _given_at_once(r: Any, returned: Any, joined: Any, as_of: Any) -> None:
    """The three days in which most of those paid once were paid, and who joined after them; ``returned`` counts by days ago."""
    best_from = 0
    for ago in range(len(returned)):
        count = returned[max(ago - AT_ONCE_DAYS + 1, 0) : ago + 1].sum()
        if count > r.returned_at_once:
            r.returned_at_once = count
            best_from = ago
    last = as_of - max(best_from - AT_ONCE_DAYS + 1, 0)
    for ms in joined:
        r.joined_after += day_of_ms(ms) > last


@loop
def walk(m: Any, r: Any, as_of: Any, start10: Any) -> None:  # noqa: C901  a kernel's branches are its speed
    """What only the counterparty table says: concentration, returns and their rates, ages, remarks by payer."""
    a = m.accounts[r.account]
    year = year_of(as_of)
    ratios = np.empty(a.pairs, np.float64)
    every = np.empty(a.pairs, np.float64)
    tops = np.zeros((4, 3), np.float64)
    sums = np.zeros(4, np.float64)
    cities = np.zeros(CITIES, np.int32)
    people = np.zeros(CITIES, np.int32)
    periods = np.zeros(len(PERIODS), np.int64)
    principals = np.empty(a.pairs, np.int64)
    tickets = np.empty(a.pairs, np.int64)
    joined = np.empty(a.pairs, np.int64)
    join_days = np.zeros(30, np.bool_)
    brought = np.empty(a.pairs, np.int64)
    brought_days = np.zeros(30, np.bool_)
    first_return = np.int64(2**62)
    returned = np.zeros(90, np.int64)
    count, on_rate, weak, payers, firsts, deposits = 0, 0, 0, 0, 0, 0
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        e = ends_of(m, pair)
        day_in = day_of_ms(e.last_in_ms) if e.credits > 0 else -(2**30)
        day_out = day_of_ms(e.last_out_ms) if e.debits > 0 else -(2**30)
        if max(day_in, day_out) < as_of - FORGET_PAIR_DAYS:
            continue
        _concentrate(tops, sums, OUT10, e.paid_out, day_out >= start10)
        _concentrate(tops, sums, OUT30, e.paid_out, day_out > as_of - 30)
        _concentrate(tops, sums, IN10, e.paid_in, day_in >= start10)
        _concentrate(tops, sums, IN30, e.paid_in, day_in > as_of - 30)
        if not is_person(pair):
            continue
        if e.credits > 0:
            joined[payers] = e.first_in_ms
            payers += 1
            r.payers_on_payroll += pair.bits & PAIR_ON_PAYROLL != 0
            day_joined = day_of_ms(e.first_in_ms)
            if as_of - 30 < day_joined <= as_of:
                join_days[as_of - day_joined] = True
                if e.first_credit >= MARKS_MINOR[0]:
                    brought_days[as_of - day_joined] = True
                    brought[deposits] = e.first_credit
                    deposits += 1
        if day_in > as_of - 90:
            tickets[firsts] = e.first_credit
            firsts += 1
            _payer(r, pair, year)
            weak += pair.bits & (PAIR_TEXT_IN | PAIR_TEXT_WEAK) == PAIR_TEXT_WEAK
            if day_in > as_of - 30 and pair.region > 0:
                _count_city(cities, people, pair.region // 100)
        if day_out > as_of - 90 and not is_refund(e):
            r.paid_to_walked += e.paid_out
            if day_in > as_of - 90:
                r.both_sides += 1
            if is_returnee(e):
                if is_return(e):
                    r.text_out_payees += pair.bits & PAIR_TEXT_OUT != 0
                    r.returns += 1
                    r.returned_twice += e.debits > 1
                    first_return = min(first_return, e.first_out_ms)
                    if e.debits == 1 and 0 <= as_of - day_out < 90:
                        returned[as_of - day_out] += 1
                    r.paid_to_returnees += e.paid_out
                if e.schedule >= 0:
                    period = period_of(m.schedules[e.schedule])
                    _count_period(periods, period)
                    r.late += period > 0 and as_of - day_out > OVERDUE * period and e.paid_out < e.paid_in
                if e.principal > 0:
                    ratio = e.last_debit / e.principal
                    every[on_rate] = ratio
                    on_rate += 1
                    if is_rate(ratio, e.debits > 1):
                        ratios[count] = ratio
                        principals[count] = e.principal
                        count += 1
    r.periodic = periods.sum()
    r.period = PERIODS[np.argmax(periods)] if r.periodic > 0 else 0.0
    _spread(r, people)
    # Weak words count only beside at least three payers with plain ones (regulation §2.1, LEX-IN-WEAK).
    if r.text_in_payers >= 3:
        r.text_in_payers += weak
    r.top3_out_w10 = tops[OUT10].sum() / sums[OUT10] if sums[OUT10] > 0 else 0.0
    r.top3_out_w30 = tops[OUT30].sum() / sums[OUT30] if sums[OUT30] > 0 else 0.0
    r.top3_in_w10 = tops[IN10].sum() / sums[IN10] if sums[IN10] > 0 else 0.0
    r.top3_in_w30 = tops[IN30].sum() / sums[IN30] if sums[IN30] > 0 else 0.0
    find_lattice(r, ratios[:count])
    find_one_rate(r, ratios[:count], principals[:count])
    r.in_proportion = in_proportion(every[:on_rate])
    r.join_days = join_days.sum()
    if firsts <= MOST_TICKETS:
        _count_tickets(r, tickets[:firsts])
        _count_deposits(r, brought[:deposits])
        r.deposit_days = brought_days.sum()
    if r.returns > 0:
        _given_at_once(r, returned, joined[:payers], as_of)
        r.joined_since = (joined[:payers] > first_return).sum()
    r.ratios = on_rate
    r.walked = 1


@inner
def worth_a_walk(windows: Any) -> Any:
    """Whether the counterparty table can say what the lines do not.

    Many payers, or very many persons paid; or many payees of whom some had paid in; or a few persons and remarks that speak
    of investment or returns. A household that pays many shops and is paid by few has nothing there, and is the most
    common account with many counterparties.
    """
    w90 = windows[W90]
    spoken = w90.text_in + w90.text_weak + w90.text_out
    return (
        w90.payers >= WALK_FROM
        or windows[W30].payees >= WALK_MANY
        or (w90.payees >= WALK_FROM and w90.returnees > 0)
        or (spoken > 0 and w90.payers + w90.payees >= WALK_SPOKEN)
    )
