"""Sum an account's day lines into the four windows, and what only the single days of the newest one say."""

from __future__ import annotations

from typing import Any

from detector.features.jit import inner
from detector.features.layout import (
    AT_MARKS,
    AT_UNITS,
    BY_PERSONS,
    CASH_OUT,
    CREDITED,
    CREDITS,
    DEBITED,
    DEBITS,
    FROM_PAYMENT,
    FROM_PERSONS,
    NEAR_CASH,
    NEW_PAYERS,
    NIGHT,
    NO_BALANCE,
    PAYEES,
    PAYERS,
    RETURNEES,
    TEXT_IN_COUNT,
    TEXT_OUT_COUNT,
    TEXT_WEAK_COUNT,
    TODAY,
    W10,
    W30,
    W90,
)
from detector.features.line_values import balance, count, has_either, money
from detector.features.lines import day_at, newest, older
from detector.features.rules import first_of_w10

MOST_DAYS_OFF = 15
"""Longest holiday that may stand inside a run of working days."""


@inner
def _add_credits(w: Any, m: Any, at: Any) -> None:
    w.credits += count(m, at, CREDITS)
    w.payers += count(m, at, PAYERS)
    w.new_payers += count(m, at, NEW_PAYERS)
    w.credits_from_persons += count(m, at, FROM_PERSONS)
    w.text_in += count(m, at, TEXT_IN_COUNT)
    w.text_weak += count(m, at, TEXT_WEAK_COUNT)
    w.credited += money(m, at, CREDITED)
    w.credited_by_persons += money(m, at, BY_PERSONS)
    w.from_payment += money(m, at, FROM_PAYMENT)
    for k in range(2):
        w.at_marks[k] += count(m, at, AT_MARKS + k)
    # All units are multiples of the first.
    if count(m, at, AT_UNITS) != 0:
        for k in range(10):
            w.at_units[k] += count(m, at, AT_UNITS + k)


@inner
def _add(w: Any, m: Any, at: Any) -> None:
    """Add a day to a window; a side on which the day had nothing, as most days, is not touched."""
    w.night += count(m, at, NIGHT)
    if has_either(m, at, CREDITS):
        _add_credits(w, m, at)
    if has_either(m, at, DEBITS):
        w.debits += count(m, at, DEBITS)
        w.payees += count(m, at, PAYEES)
        w.returnees += count(m, at, RETURNEES)
        w.text_out += count(m, at, TEXT_OUT_COUNT)
        w.debited += money(m, at, DEBITED)
        w.cash_out += money(m, at, CASH_OUT)


@inner
def _passed(r: Any, m: Any, at: Any, rules: Any) -> None:
    """Whether the day's inflow had left again by its end (regulation §2.1 F03), by balance where it is known."""
    credited = money(m, at, CREDITED)
    if credited < rules.pass_least_inflow:
        return
    r.inflow_days += 1
    before = older(m, at)
    opening = balance(m, before) if before >= 0 else NO_BALANCE
    closing = balance(m, at)
    if closing != NO_BALANCE and opening != NO_BALANCE:
        passed = closing <= rules.pass_most_retained * (opening + credited)
    else:
        passed = money(m, at, DEBITED) >= (1.0 - rules.pass_most_retained) * credited
    if passed:
        r.passed_days += 1
        r.passed_inflow += credited


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
def sum_windows(m: Any, r: Any, windows: Any, as_of: Any, rules: Any) -> None:
    """Sum the account's lines into the four windows."""
    a = m.accounts[r.account]
    start10 = first_of_w10(as_of, rules)
    near_in, run_in, near_out, run_out = 0, 0, 0, 0
    # Newest first, each line is added once: a window that ends is a copy of what has been added so far.
    ended10, ended30 = False, False
    at = newest(a)
    while at >= 0:
        day = day_at(m, at)
        if day <= as_of - 90:
            break
        if day <= as_of:
            if not ended10 and day < start10:
                windows[W10] = windows[W90]
                ended10 = True
            if not ended30 and day <= as_of - 30:
                windows[W30] = windows[W90]
                ended30 = True
            _add(windows[W90], m, at)
            if not ended10:
                _passed(r, m, at, rules)
                near_in, run_in = _near_cash(r, count(m, at, NEAR_CASH), day, near_in, run_in, rules)
                near_out, run_out = _near_cash(r, count(m, at, NEAR_CASH + 1), day, near_out, run_out, rules)
            if day == as_of:
                windows[TODAY] = windows[W90]
        at = older(m, at)
    if not ended10:
        windows[W10] = windows[W90]
    if not ended30:
        windows[W30] = windows[W90]
