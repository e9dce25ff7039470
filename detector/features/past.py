"""What an account moved within a year, and what its usual inflow is: single days of the last 92, whole weeks before them."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.days import day_of_ms
from detector.features.jit import apart, inner
from detector.features.layout import CREDITED, DEBITED, KEEP_DAYS, USUAL_DAYS, YEAR_DAYS
from detector.features.line_values import money
from detector.features.lines import A_BLOCK, HEAD, day_at, days_of, newest, older
from detector.features.weeks import hung, is_kept, monday_of, number_of, week_money, week_of


@inner
def sum_past(m: Any, a: Any, r: Any) -> None:
    """Write what moved within a year and within the usual span.

    All of an account's life where that is shorter, so also what came too late for its own day.
    """
    began = day_of_ms(a.first_ms)
    r.year_credited = a.credited
    r.year_debited = a.debited
    r.usual_credited = a.credited
    r.usual_from = began
    if began <= r.as_of - USUAL_DAYS:
        _sum_weeks(days_of(m), a, r, began <= r.as_of - YEAR_DAYS)


@apart
def _sum_weeks(m: Any, a: Any, r: Any, for_year: Any) -> None:
    """Days within 92 singly, and whole weeks before them, those in which the spans begin included.

    An old day counts by its week whether it has gone into one or not: that hangs on how many days came since.
    """
    as_of = np.int64(r.as_of)
    usual, year = week_of(as_of - USUAL_DAYS + 1), week_of(as_of - YEAR_DAYS + 1)
    credited, debited, usual_credited = np.int64(0), np.int64(0), np.int64(0)
    at, block = newest(a), np.int64(a.lines_at)
    while at >= 0:
        day = day_at(m, at)
        week = week_of(day)
        if day <= as_of and (day > as_of - KEEP_DAYS or (week >= year and is_kept(week))):
            credited += money(m, at, CREDITED)
            debited += money(m, at, DEBITED)
            if day > as_of - KEEP_DAYS or week >= usual:
                usual_credited += money(m, at, CREDITED)
        block = at // A_BLOCK
        at = older(m, at)
    at = hung(np.int64(m.line_heads[HEAD * block])) if a.lines > 0 else np.int64(-1)
    while at >= 0:
        pair = m.weeks[at]
        for k in range(2):
            week = number_of(pair, k)
            if week >= year:
                credited += week_money(m, pair, k, CREDITED)
                debited += week_money(m, pair, k, DEBITED)
                if week >= usual:
                    usual_credited += week_money(m, pair, k, CREDITED)
        at = np.int64(pair.before)
    r.usual_credited = usual_credited
    r.usual_from = monday_of(usual)
    if for_year:
        r.year_credited = credited
        r.year_debited = debited
