"""Sum an account's day lines into the four windows, and what only the single days of the newest one say."""

from __future__ import annotations

from typing import Any

from detector.features.jit import inner
from detector.features.layout import NO_BALANCE, TODAY, W10, W30, W90
from detector.features.rules import first_of_w10

MOST_DAYS_OFF = 15
"""Longest holiday that may stand inside a run of working days."""


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
