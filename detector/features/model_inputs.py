"""What the online models read of an account at one moment: twelve numbers over its windows and four over its own past."""

from __future__ import annotations

import math
from typing import Any, Final

from detector.features.jit import inner
from detector.features.layout import (
    CREDITED,
    CREDITS,
    DEBITED,
    DEBITS,
    KEEP_DAYS,
    NEW_PAYERS,
    PAYEES,
    PAYERS,
    RETURNEES,
    W10,
    W30,
    W90,
)
from detector.features.line_values import count, has_either, money
from detector.features.lines import day_at, newest, older

FEATURES: Final = (
    "credited_w30",
    "credits_w30",
    "debited_w30",
    "debits_w30",
    "flow_balance_w30",
    "new_payer_share_w30",
    "payees_w30",
    "payers_per_payee_w30",
    "payers_w10",
    "payers_w30",
    "returned_share",
    "returnee_share_w90",
)
"""In sorted order, each in [0, 1] by its own fixed scale: no scaler whose limits would follow the stream."""
OWN_HISTORY: Final = ("days", "deviation", "mean", "value")
"""Days of history, usual deviation and mean of a day's inflow, and the as-of day's inflow, in log yuan."""

_LOG_MONEY: Final = math.log1p(1e8)
_LOG_COUNT: Final = math.log1p(3e3)
_LOG_PERSONS: Final = math.log1p(1e3)


@inner
def _scaled(value: Any, log_most: Any) -> Any:
    """Logarithm scaled so that the most that is told apart gives 1; stranger magnitudes are clipped."""
    return min(math.log1p(max(value, 0.0)) / log_most, 1.0)


@inner
def _share(part: Any, whole: Any) -> Any:
    return part / whole if whole > 0 else 0.0


@inner
def write_features(
    x: Any, credited: Any, credits: Any, debited: Any, debits: Any, new_payers: Any, payers: Any, payees: Any,
    payers10: Any, returnees90: Any, payees90: Any, returned: Any, debited_ever: Any,
) -> None:  # fmt: skip
    """Write one row of ``FEATURES``; money in minor units, counts of distinct persons or movements, of W30 where unnamed."""
    x[0] = _scaled(credited / 100.0, _LOG_MONEY)
    x[1] = _scaled(float(credits), _LOG_COUNT)
    x[2] = _scaled(debited / 100.0, _LOG_MONEY)
    x[3] = _scaled(float(debits), _LOG_COUNT)
    x[4] = _share(float(min(credited, debited)), float(max(credited, debited)))
    x[5] = _share(float(new_payers), float(payers))
    x[6] = _scaled(float(payees), _LOG_PERSONS)
    x[7] = _scaled(payers / (payees + 1.0), _LOG_PERSONS)
    x[8] = _scaled(float(payers10), _LOG_PERSONS)
    x[9] = _scaled(float(payers), _LOG_PERSONS)
    x[10] = _share(float(returned), float(debited_ever))
    x[11] = _share(float(returnees90), float(payees90))


@inner
def from_windows(x: Any, w: Any, a: Any) -> None:
    """Features of an account whose windows have been summed."""
    w30, w90 = w[W30], w[W90]
    write_features(
        x, w30.credited, w30.credits, w30.debited, w30.debits, w30.new_payers, w30.payers, w30.payees, w[W10].payers,
        w90.returnees, w90.payees, a.returned, a.debited,
    )  # fmt: skip


@inner
def from_lines(x: Any, m: Any, a: Any, as_of: Any, start10: Any) -> Any:
    """Features of an account straight from its day lines; returns the as-of day's credits in minor units.

    Most accounts are seen only by the models, so only what these read is added, and no older line is touched than
    they need: those of 30 days, of 90 where money went back to payers.
    """
    credited, debited, today = 0, 0, 0
    credits, debits, new_payers, payers, payees, payers10, returnees90, payees90 = 0, 0, 0, 0, 0, 0, 0, 0
    oldest = as_of - (KEEP_DAYS - 2) if a.returnees > 0 else min(as_of - 30, start10 - 1)
    at = newest(a)
    while at >= 0:
        day = day_at(m, at)
        if day <= oldest:
            break
        if day <= as_of:
            if has_either(m, at, CREDITS):
                if day > as_of - 30:
                    credited += money(m, at, CREDITED)
                    credits += count(m, at, CREDITS)
                    new_payers += count(m, at, NEW_PAYERS)
                    payers += count(m, at, PAYERS)
                if day >= start10:
                    payers10 += count(m, at, PAYERS)
            if has_either(m, at, DEBITS):
                if day > as_of - 30:
                    debited += money(m, at, DEBITED)
                    debits += count(m, at, DEBITS)
                    payees += count(m, at, PAYEES)
                returnees90 += count(m, at, RETURNEES)
                payees90 += count(m, at, PAYEES)
            if day == as_of:
                today = money(m, at, CREDITED)
        at = older(m, at)
    write_features(
        x, credited, credits, debited, debits, new_payers, payers, payees, payers10, returnees90, payees90, a.returned, a.debited
    )
    return today
