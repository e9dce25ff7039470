"""What only the counterparty table says: concentration, returns and their rates, ages, places, remarks by payer."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np

from contract.movement import OCCUPATIONS
from detector.features.days import day_of_ms, year_of
from detector.features.deposits import (
    BACK,
    KEPT,
    SERVED,
    count_deposits,
    count_handed_back,
    count_tickets,
    is_handed_back,
    most_alike,
)
from detector.features.due import count_due
from detector.features.forgetting import is_past
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
    SCHEDULE_SLOTS,
    W30,
    W90,
)
from detector.features.levels import count_levels
from detector.features.pair_ends import ends_of
from detector.features.pairs import is_person, is_refund, is_returnee
from detector.features.prices import find_price
from detector.features.schedules import PERIODS, period_of
from detector.features.wages import came_before_paydays, is_staff
from detector.features.welcome import without_welcome

WALK_FROM = 10
"""Distinct payers or payees within 90 days from which the counterparty table is walked at all."""
WALK_MANY = 15
WALK_SPOKEN = 3
MOST_OVERPAID = 3
AT_ONCE_DAYS = 3
PARTLY_FROM = 0.5
OFTEN = 3
MOST_TICKETS = 2_000
HUB_PAIRS = 100_000
"""A hub beyond this is not walked: no fund-raiser is met there that the lines do not show, and a walk costs 10 ms."""
CITIES = 128
STUDENT = OCCUPATIONS.index("student") + 1
OUT10, OUT30, IN10, IN30 = range(4)
NO_DAY = -(2**30)


@inner
def _concentrate(met: Any, which: Any, amount: Any, inside: Any) -> None:
    """Let an amount into the sum of ``which`` and among its three largest."""
    if not inside:
        return
    met.sums[which] += amount
    value = np.float64(amount)
    for k in range(3):
        if value > met.tops[which, k]:
            smaller = met.tops[which, k]
            met.tops[which, k] = value
            value = smaller


@inner
def _part_of_three(met: Any, which: Any) -> Any:
    """Share of the three largest in the sum of ``which``."""
    whole = met.sums[which]
    return (met.tops[which, 0] + met.tops[which, 1] + met.tops[which, 2]) / whole if whole > 0 else 0.0


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


class Met(NamedTuple):
    """What a walk notes of the counterparties that it meets; arrays are as long as the account has counterparties."""

    sums: Any  # int64[4], money by OUT10, OUT30, IN10, IN30
    tops: Any  # float64[4, 3], the three largest of each
    cities: Any  # int32[CITIES], and how many payers are of each
    people: Any
    periods: Any  # int64, payees paid at each of PERIODS
    returned: Any  # int64[90], who was paid back once, by days ago
    join_days: Any  # bool[30], days ago on which somebody paid in for the first time
    joined: Any  # int64, milliseconds of each payer's first payment, all that he paid in, and how long he waited for a return
    staked: Any
    took: Any
    brought: (
        Any  # int64, what those who came within 30 days began with, 1,000 yuan and more, and int64[30], the largest of each day
    )
    brought_days: Any
    fates: Any  # int8, what became of each of ``brought``
    oftener: Any  # int64, what those began with who are paid a rate oftener than they paid in
    tickets: Any  # int64, what each payer of 90 days began with
    newest: Any  # int64, the newest credit of each payer of 30 days, 1,000 yuan and more
    every: Any  # float64, payouts over their principal; those that can be a rate, and on what principal
    ratios: Any
    principals: Any
    parts: Any  # int64[2], first and newest payment of one who paid in more than once, zeros else
    counts: (
        Any  # int64[7], how many of joined, tickets, every, ratios and brought there are, payers with weak words alone, newest
    )
    first_return: Any  # int64[1], milliseconds
    gaps: Any  # float64[SCHEDULE_SLOTS], scratch of period_of


JOINED, TICKETS, EVERY, RATIOS, BROUGHT, WEAK, NEWEST = range(7)


@inner
def _returnee(m: Any, r: Any, pair: Any, e: Any, met: Any, as_of: Any, day_out: Any) -> None:
    """A person that was paid within 90 days after having paid in."""
    if is_return(e):
        r.text_out_payees += pair.bits & PAIR_TEXT_OUT != 0
        r.returns += 1
        r.returned_twice += e.debits > 1
        met.first_return[0] = min(met.first_return[0], e.first_out_ms)
        if e.debits == 1 and 0 <= as_of - day_out < 90:
            met.returned[as_of - day_out] += 1
        r.paid_to_returnees += e.paid_out
    if e.schedule >= 0:
        period = period_of(m.schedules[e.schedule], met.gaps)
        _count_period(met.periods, period)
        r.late += period > 0 and as_of - day_out > OVERDUE * period and e.paid_out < e.paid_in
    if e.principal > 0:
        ratio = e.last_debit / e.principal
        again = e.credits >= max(e.debits, OFTEN) and e.last_in_ms > e.first_out_ms
        # A part of the price: who is paid all of it and more for each task has bought nothing.
        r.rebated += again and e.first_credit % ROUND_MINOR != 0 and e.paid_out <= PARTLY_FROM * e.paid_in
        met.every[met.counts[EVERY]] = ratio
        met.counts[EVERY] += 1
        if is_rate(ratio, e.debits > 1):
            if is_return(e) and e.debits > 1 and e.debits > e.credits:
                met.oftener[r.returned_oftener] = e.first_credit
                r.returned_oftener += 1
            met.ratios[met.counts[RATIOS]] = ratio
            met.principals[met.counts[RATIOS]] = e.principal
            met.parts[met.counts[RATIOS], 0] = e.first_credit if e.credits > 1 else 0
            met.parts[met.counts[RATIOS], 1] = e.last_credit if e.credits > 1 else 0
            met.counts[RATIOS] += 1


@inner
def _person(m: Any, a: Any, r: Any, pair: Any, whole: Any, met: Any, as_of: Any, year: Any) -> None:
    """A person that moved money within a year; ``whole`` with what may have been given to him before he brought anything."""
    e = without_welcome(m, whole)
    day_in = day_of_ms(e.last_in_ms) if e.credits > 0 else NO_DAY
    day_out = day_of_ms(e.last_out_ms) if e.debits > 0 else NO_DAY
    r.on_payroll += pair.bits & PAIR_ON_PAYROLL != 0
    if e.credits > 0:
        met.joined[met.counts[JOINED]] = e.first_in_ms
        met.staked[met.counts[JOINED]] = e.paid_in
        met.took[met.counts[JOINED]] = e.first_out_ms - e.first_in_ms if is_returnee(e) else np.int64(-1)
        met.counts[JOINED] += 1
        r.payers_on_payroll += pair.bits & PAIR_ON_PAYROLL != 0
        staff = is_staff(a, pair, whole, as_of, r.seen_days)
        if e.paid_in >= MARKS_MINOR[0]:
            r.large_payers += 1
            r.large_staff += came_before_paydays(a, whole, as_of, r.seen_days)
            r.large_on_payroll += pair.bits & PAIR_ON_PAYROLL != 0
        day_joined = day_of_ms(e.first_in_ms)
        if as_of - 30 < day_joined <= as_of:
            met.join_days[as_of - day_joined] = True
            if e.first_credit >= MARKS_MINOR[0] and not staff:
                ago = as_of - day_joined
                met.brought_days[ago] = max(met.brought_days[ago], e.first_credit)
                met.brought[met.counts[BROUGHT]] = e.first_credit
                met.fates[met.counts[BROUGHT]] = KEPT if e.debits == 0 else BACK if is_handed_back(e) else SERVED
                met.counts[BROUGHT] += 1
    if day_in > as_of - 90:
        met.tickets[met.counts[TICKETS]] = e.first_credit
        met.counts[TICKETS] += 1
        _payer(r, pair, year)
        met.counts[WEAK] += pair.bits & (PAIR_TEXT_IN | PAIR_TEXT_WEAK) == PAIR_TEXT_WEAK
        if day_in > as_of - 30 and e.last_credit >= MARKS_MINOR[0]:
            met.newest[met.counts[NEWEST]] = e.last_credit
            met.counts[NEWEST] += 1
        if day_in > as_of - 30 and pair.region > 0:
            _count_city(met.cities, met.people, pair.region // 100)
    if day_out > as_of - 90 and not is_refund(e):
        r.paid_to_walked += e.paid_out
        if day_in > as_of - 90:
            r.both_sides += 1
        if is_returnee(e):
            r.paid_to_payers += e.paid_out
            _returnee(m, r, pair, e, met, as_of, day_out)


@inner
def _meet(m: Any, a: Any, r: Any, met: Any, as_of: Any, start10: Any) -> None:
    """Meet every counterparty that moved money within a year; without counting references, which took half of the time."""
    year = year_of(as_of)
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        e = ends_of(m, pair)
        day_in = day_of_ms(e.last_in_ms) if e.credits > 0 else NO_DAY
        day_out = day_of_ms(e.last_out_ms) if e.debits > 0 else NO_DAY
        if max(day_in, day_out) < as_of - FORGET_PAIR_DAYS or is_past(m, pair):
            continue
        _concentrate(met, OUT10, e.paid_out, day_out >= start10)
        _concentrate(met, OUT30, e.paid_out, day_out > as_of - 30)
        _concentrate(met, IN10, e.paid_in, day_in >= start10)
        _concentrate(met, IN30, e.paid_in, day_in > as_of - 30)
        if is_person(pair):
            _person(m, a, r, pair, e, met, as_of, year)


@loop
def walk(m: Any, r: Any, as_of: Any, start10: Any) -> None:
    """What only the counterparty table says: concentration, returns and their rates, ages, remarks by payer."""
    a = m.accounts[r.account]
    met = Met(
        sums=np.zeros(4, np.int64),
        tops=np.zeros((4, 3), np.float64),
        cities=np.zeros(CITIES, np.int32),
        people=np.zeros(CITIES, np.int32),
        periods=np.zeros(len(PERIODS), np.int64),
        returned=np.zeros(90, np.int64),
        join_days=np.zeros(30, np.bool_),
        joined=np.empty(a.pairs, np.int64),
        staked=np.empty(a.pairs, np.int64),
        took=np.empty(a.pairs, np.int64),
        brought=np.empty(a.pairs, np.int64),
        brought_days=np.zeros(30, np.int64),
        fates=np.empty(a.pairs, np.int8),
        oftener=np.empty(a.pairs, np.int64),
        tickets=np.empty(a.pairs, np.int64),
        newest=np.empty(a.pairs, np.int64),
        every=np.empty(a.pairs, np.float64),
        ratios=np.empty(a.pairs, np.float64),
        principals=np.empty(a.pairs, np.int64),
        parts=np.empty((a.pairs, 2), np.int64),
        counts=np.zeros(7, np.int64),
        first_return=np.full(1, 2**62, np.int64),
        gaps=np.empty(SCHEDULE_SLOTS, np.float64),
    )
    _meet(m, a, r, met, as_of, start10)
    _add_up(r, met, as_of)
    count_levels(m, a, r, as_of)
    r.walked = 1


@loop
def _add_up(r: Any, met: Any, as_of: Any) -> None:
    """What all counterparties together say."""
    joined = met.joined[: met.counts[JOINED]]
    ratios = met.ratios[: met.counts[RATIOS]]
    r.periodic = met.periods.sum()
    r.period = PERIODS[np.argmax(met.periods)] if r.periodic > 0 else 0.0
    _spread(r, met.people)
    # Weak words count only beside at least three payers with plain ones (regulation §2.1, LEX-IN-WEAK).
    if r.text_in_payers >= 3:
        r.text_in_payers += met.counts[WEAK]
    r.top3_out_w10 = _part_of_three(met, OUT10)
    r.top3_out_w30 = _part_of_three(met, OUT30)
    r.top3_in_w10 = _part_of_three(met, IN10)
    r.top3_in_w30 = _part_of_three(met, IN30)
    find_lattice(r, ratios)
    find_one_rate(r, ratios, met.principals[: met.counts[RATIOS]], met.parts[: met.counts[RATIOS]])
    r.in_proportion = in_proportion(met.every[: met.counts[EVERY]])
    r.join_days = met.join_days.sum()
    if met.counts[TICKETS] <= MOST_TICKETS:
        count_tickets(r, met.tickets[: met.counts[TICKETS]])
        least = count_deposits(r, met.brought[: met.counts[BROUGHT]])
        r.deposit_days = (met.brought_days >= least).sum()
        find_price(r, met.newest[: met.counts[NEWEST]])
        count_handed_back(r, met.brought[: met.counts[BROUGHT]], met.fates[: met.counts[BROUGHT]], least)
    r.oftener_mode = most_alike(met.oftener[: r.returned_oftener])
    if r.returns > 0:
        _given_at_once(r, met.returned, joined, as_of)
        r.joined_since = (joined > met.first_return[0]).sum()
        count_due(r, as_of, joined, met.staked[: met.counts[JOINED]], met.took[: met.counts[JOINED]])
    r.ratios = met.counts[EVERY]


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
