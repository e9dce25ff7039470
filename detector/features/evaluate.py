"""Copy all that typologies read of one account, at one moment, into an evaluation row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from contract.movement import OCCUPATIONS
from detector.features.days import day_of_ms, year_of
from detector.features.jit import inner, loop
from detector.features.layout import (
    CAUSE_DAY,
    ELDERLY_FROM,
    FORGET_PAIR_DAYS,
    NO_BALANCE,
    PAIR_ON_PAYROLL,
    PAIR_TEXT_IN,
    PAIR_TEXT_OUT,
    PAIR_TEXT_P2P,
    PAIR_TEXT_STRONG,
    PAIR_TEXT_WEAK,
    TODAY,
    W10,
    W30,
    W90,
)
from detector.features.memory import ELDERLY, KNOWN_AGES
from detector.features.model_inputs import from_lines, from_windows
from detector.features.pairs import is_person, is_refund, is_returnee
from detector.features.schedules import PERIODS, period_of

WALK_FROM = 10
"""Distinct payers or payees within 90 days from which the counterparty table is walked at all."""
WALK_MANY = 15
WALK_SPOKEN = 3
HUB_PAIRS = 100_000
"""A hub beyond this is not walked: no fund-raiser is met there that the lines do not show, and a walk costs 10 ms."""
FORGETTING = 0.1
"""Weight of a new day in the account's usual inflow: about the last 20 active days."""
CITIES = 128
MOST_DAYS_OFF = 15
"""Longest holiday that may stand inside a run of working days."""
STUDENT = OCCUPATIONS.index("student") + 1
OUT10, OUT30, IN10, IN30 = range(4)
CENTRES = 3
NEAR = 0.05
"""Lattice of regulation §2.1 F06b: at most three centres, each ±5 %."""


@inner
def _add_credits(w: Any, line: Any) -> None:
    w.credits += line.credits
    w.payers += line.payers
    w.new_payers += line.new_payers
    w.credits_from_persons += line.credits_from_persons
    w.text_in += line.text_in
    w.text_weak += line.text_weak
    w.credited += line.credited
    w.credited_by_persons += line.credited_by_persons
    w.from_payment += line.from_payment
    for k in range(2):
        w.at_marks[k] += line.at_marks[k]
    for k in range(10):
        w.at_units[k] += line.at_units[k]


@inner
def _add(w: Any, line: Any) -> None:
    """Add a day to a window; a side on which the day had nothing, as most days, is not touched."""
    w.night += line.night
    if line.credits > 0 or line.payers > 0:
        _add_credits(w, line)
    if line.debits > 0 or line.payees > 0:
        w.debits += line.debits
        w.payees += line.payees
        w.returnees += line.returnees
        w.text_out += line.text_out
        w.debited += line.debited
        w.cash_out += line.cash_out


@inner
def _passed(r: Any, lines: Any, at: Any, place: Any, rules: Any) -> None:
    """Whether the day's inflow had left again by its end (regulation §2.1 F03), by balance where it is known."""
    line = lines[at + place]
    if line.credited < rules.pass_least_inflow:
        return
    r.inflow_days += 1
    opening = lines[at + place - 1].balance if place > 0 else NO_BALANCE
    if line.balance != NO_BALANCE and opening != NO_BALANCE:
        passed = line.balance <= rules.pass_most_retained * (opening + line.credited)
    else:
        passed = line.debited >= (1.0 - rules.pass_most_retained) * line.credited
    if passed:
        r.passed_days += 1
        r.passed_inflow += line.credited


@inner
def first_of_w10(as_of: Any, rules: Any) -> Any:
    """First day of the 10-working-day window that ends with ``as_of``."""
    return rules.window_starts[min(max(as_of - rules.window_base, 0), len(rules.window_starts) - 1)]


@inner
def _follow_on(day: Any, later: Any, rules: Any) -> Any:
    """Whether no working day lies between two days: only on a working day does the window of 10 of them move on."""
    if later - day > MOST_DAYS_OFF:
        return False
    for between in range(day + 1, later):  # noqa: SIM110  a generator does not compile
        if first_of_w10(between, rules) != first_of_w10(between - 1, rules):
            return False
    return True


@inner
def _near_cash(r: Any, count: Any, day: Any, later: Any, run: Any, rules: Any) -> Any:
    """Follow days with cash just below the line, newest first; returns the oldest such day met and the run's length."""
    # Days off neither make a run longer nor break it.
    if count == 0 or first_of_w10(day, rules) == first_of_w10(day - 1, rules):
        return later, run
    run = run + 1 if run > 0 and _follow_on(day, later, rules) else 1
    r.near_cash_day = max(r.near_cash_day, count)
    r.near_cash_days = max(r.near_cash_days, run)
    return day, run


@inner
def _windows(m: Any, r: Any, windows: Any, as_of: Any, rules: Any) -> None:
    """Sum the account's lines into the four windows."""
    a = m.accounts[r.account]
    start10 = first_of_w10(as_of, rules)
    near_in, run_in, near_out, run_out = 0, 0, 0, 0
    # Newest first, each line is added once: a window that ends is a copy of what has been added so far.
    ended10, ended30 = False, False
    for k in range(a.lines - 1, -1, -1):
        line = m.lines[a.lines_at + k]
        if line.day > as_of:
            continue
        if line.day <= as_of - 90:
            break
        if not ended10 and line.day < start10:
            windows[W10] = windows[W90]
            ended10 = True
        if not ended30 and line.day <= as_of - 30:
            windows[W30] = windows[W90]
            ended30 = True
        _add(windows[W90], line)
        if not ended10:
            _passed(r, m.lines, a.lines_at, k, rules)
            near_in, run_in = _near_cash(r, line.near_cash[0], line.day, near_in, run_in, rules)
            near_out, run_out = _near_cash(r, line.near_cash[1], line.day, near_out, run_out, rules)
        if line.day == as_of:
            windows[TODAY] = windows[W90]
    if not ended10:
        windows[W10] = windows[W90]
    if not ended30:
        windows[W30] = windows[W90]


@loop
def _lattice(r: Any, ratios: Any) -> None:
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


@inner
def _is_rate(ratio: Any) -> Any:
    """A period's interest (0.2–10 %) or principal with interest (100.2–130 %)."""
    return 0.002 <= ratio <= 0.1 or 1.002 <= ratio <= 1.3


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
    if pair.bits & PAIR_ON_PAYROLL:
        r.payers_on_payroll += 1


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


@inner
def _count_period(periods: Any, period: Any) -> None:
    for k in range(len(periods)):
        if PERIODS[k] == period:
            periods[k] += 1


@loop
def _walk(m: Any, r: Any, as_of: Any, start10: Any) -> None:  # noqa: C901  a kernel's branches are its speed
    """What only the counterparty table says: concentration, returns and their rates, ages, remarks by payer."""
    a = m.accounts[r.account]
    year = year_of(as_of)
    ratios = np.empty(a.pairs, np.float64)
    tops = np.zeros((4, 3), np.float64)
    sums = np.zeros(4, np.float64)
    cities = np.zeros(CITIES, np.int32)
    people = np.zeros(CITIES, np.int32)
    periods = np.zeros(len(PERIODS), np.int64)
    count, on_rate, weak = 0, 0, 0
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        day_in = day_of_ms(pair.last_in_ms) if pair.credits > 0 else -(2**30)
        day_out = day_of_ms(pair.last_out_ms) if pair.debits > 0 else -(2**30)
        if max(day_in, day_out) < as_of - FORGET_PAIR_DAYS:
            continue
        _concentrate(tops, sums, OUT10, pair.paid_out, day_out >= start10)
        _concentrate(tops, sums, OUT30, pair.paid_out, day_out > as_of - 30)
        _concentrate(tops, sums, IN10, pair.paid_in, day_in >= start10)
        _concentrate(tops, sums, IN30, pair.paid_in, day_in > as_of - 30)
        if not is_person(pair):
            continue
        if day_in > as_of - 90:
            _payer(r, pair, year)
            weak += pair.bits & (PAIR_TEXT_IN | PAIR_TEXT_WEAK) == PAIR_TEXT_WEAK
            if day_in > as_of - 30 and pair.region > 0:
                _count_city(cities, people, pair.region // 100)
        if day_out > as_of - 90 and not is_refund(pair):
            r.paid_to_walked += pair.paid_out
            if pair.bits & PAIR_TEXT_OUT:
                r.text_out_payees += 1
            if day_in > as_of - 90:
                r.both_sides += 1
            if is_returnee(pair):
                r.paid_to_returnees += pair.paid_out
                if pair.schedule >= 0:
                    _count_period(periods, period_of(m.schedules[pair.schedule]))
                if pair.principal_at_last_debit > 0:
                    on_rate += 1
                    ratio = pair.last_debit / pair.principal_at_last_debit
                    if _is_rate(ratio):
                        ratios[count] = ratio
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
    _lattice(r, ratios[:count])
    r.ratios = on_rate
    r.walked = 1


@inner
def _learn_usual(a: Any, value: Any) -> None:
    """Let a finished day's inflow (log yuan) into the account's own history."""
    if a.active_days <= 1:
        a.usual_in_mean = value
        a.usual_in_dev = 0.0
        return
    a.usual_in_dev += FORGETTING * (abs(value - a.usual_in_mean) - a.usual_in_dev)
    a.usual_in_mean += FORGETTING * (value - a.usual_in_mean)


@inner
def _evaluation(m: Any, a: Any, moment: Any, r: Any, windows: Any, rules: Any) -> None:
    """Fill an evaluation row that has been cleared, and its windows."""
    r.account = moment.account
    r.as_of = moment.as_of
    r.cause = moment.cause
    r.region = a.region
    r.subject_region = a.subject_region
    r.customer_at = a.customer_at
    r.customer_len = a.customer_len
    r.holder_kind = a.holder_kind
    r.licence = a.licence
    r.account_type = a.account_type
    r.institution_type = a.institution_type
    r.first_ms = a.first_ms
    r.last_ms = a.last_ms
    r.movements = a.movements
    r.active_days = a.active_days
    r.credits = a.credits
    r.credits_known = a.credits_known
    r.payers = a.payers
    r.payees = a.payees
    r.returnees = a.returnees
    r.credited = a.credited
    r.debited = a.debited
    r.credited_by_persons = a.credited_by_persons
    r.returned = a.returned
    r.usual_in_mean = a.usual_in_mean
    r.usual_in_dev = a.usual_in_dev
    r.industry = a.industry
    r.sensitive = a.sensitive
    r.opened = a.opened
    r.closed = a.closed
    r.moved = a.moved
    r.probed = a.probed
    r.woke = a.woke
    r.slept = a.slept
    r.span = a.span
    r.probes = a.probes
    r.probe_most = a.probe_most
    r.capital = a.capital
    r.usual_elderly = m.counters[ELDERLY] / max(m.counters[KNOWN_AGES], 1)
    for terminal in m.evidence[a.evidence].terminals:
        r.terminals += terminal != 0
    _windows(m, r, windows, moment.as_of, rules)


@inner
def _worth_a_walk(windows: Any) -> Any:
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


@loop
def evaluate(m: Any, row: Any, as_of: Any, cause: Any, rules: Any, out: Any) -> None:
    """Append the account to ``out``, which must have room for one more.

    Every account gets what the models read. Only one that has movements remembered to show can be flagged, so only
    such a one gets an evaluation row: a walk over its day lines of 90 days (about 0.5 µs) and, where it has many
    counterparties, one over its counterparty table.
    """
    k = out.count[0]
    out.count[0] = k + 1
    a = m.accounts[row]
    moment = out.moments[k]
    moment.account = row
    moment.as_of = as_of
    moment.cause = cause
    moment.holder_kind = a.holder_kind
    moment.last_ms = a.last_ms
    own = out.own[k]
    own[0] = a.active_days
    own[1] = a.usual_in_dev
    own[2] = a.usual_in_mean
    start10 = first_of_w10(as_of, rules)
    if a.evidence < 0:
        moment.watched = -1
        today = from_lines(out.features[k], m, a, as_of, start10)
    else:
        w = out.count[1]
        out.count[1] = w + 1
        moment.watched = w
        out.rows[w] = out.blank_row[0]
        r, windows = out.rows[w], out.windows[w]
        for span in range(4):
            windows[span] = out.blank_window[0]
        _evaluation(m, a, moment, r, windows, rules)
        if _worth_a_walk(windows) and a.pairs <= HUB_PAIRS:
            _walk(m, r, as_of, start10)
        out.evidence[w] = m.evidence[a.evidence]
        from_windows(out.features[k], windows, a)
        today = windows[TODAY].credited
    own[3] = math.log1p(today / 100.0)
    if cause == CAUSE_DAY:
        _learn_usual(a, own[3])
