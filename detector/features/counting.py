"""What one movement adds to its account and to its day line, or takes back from them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.days import DAY_MS, SHANGHAI_MS, day_of_ms
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
    MARKS_MINOR,
    NEAR_CASH,
    NEAR_CASH_MINOR,
    NIGHT,
    PROBE_DAYS,
    PROBE_MOST_MINOR,
    SLEEP_DAYS,
    TEXT_IN_COUNT,
    TEXT_OUT_COUNT,
    TEXT_WEAK_COUNT,
    UNITS_MINOR,
)
from detector.features.lexicon import TEXT_IN, TEXT_NEGATIVE, TEXT_OUT, TEXT_STRONG, TEXT_WEAK
from detector.features.line_values import add_count, add_money

_UNITS: Final = np.array(UNITS_MINOR, np.int64)
_MARKS: Final = np.array(MARKS_MINOR, np.int64)
NIGHT_MS: Final = 6 * 3_600_000


@inner
def live(a: Any, day: Any, amount: Any) -> None:
    """Follow the account's life before its movement of ``day`` counts: sleeps, and the small movements of its youth."""
    if a.moved > 0 and day - a.moved >= SLEEP_DAYS:
        begun = a.opened if a.opened > 0 else day_of_ms(a.first_ms)
        a.woke = day
        a.slept = min(day - a.moved, 32_000)
        a.span = min(max(a.moved - begun, 0), 32_000)
    a.moved = max(a.moved, day)
    if a.opened > 0 and day - a.opened <= PROBE_DAYS and 0 < amount <= PROBE_MOST_MINOR and a.probes < 1000:
        a.probes += 1
        a.probed = max(a.probed, day)
        a.probe_most = max(a.probe_most, amount)


@inner
def at_night(x: Any, i: Any) -> Any:
    """Whether a customer made the movement between midnight and six; an institution's batch runs at night for its own reasons."""
    return x.batch[i] == 0 and (x.ms[i] + SHANGHAI_MS) % DAY_MS < NIGHT_MS


@inner
def _add_credit(m: Any, at: Any, amount: Any, text: Any, person: Any, payment: Any, sign: Any) -> None:
    add_count(m, at, CREDITS, sign)
    add_money(m, at, CREDITED, sign * amount)
    if person:
        add_count(m, at, FROM_PERSONS, sign)
        add_money(m, at, BY_PERSONS, sign * amount)
    elif payment:
        add_money(m, at, FROM_PAYMENT, sign * amount)
    if text & TEXT_NEGATIVE == 0:
        if text & (TEXT_IN | TEXT_STRONG):
            add_count(m, at, TEXT_IN_COUNT, sign)
        elif text & TEXT_WEAK:
            add_count(m, at, TEXT_WEAK_COUNT, sign)
    for k in range(len(_MARKS)):
        if amount >= _MARKS[k]:
            add_count(m, at, AT_MARKS + k, sign)
    if amount > 0 and amount % _UNITS[0] == 0:
        for k in range(len(_UNITS)):
            if amount % _UNITS[k] == 0:
                add_count(m, at, AT_UNITS + k, sign)


@inner
def _add_debit(m: Any, at: Any, amount: Any, text: Any, cash: Any, sign: Any) -> None:
    add_count(m, at, DEBITS, sign)
    add_money(m, at, DEBITED, sign * amount)
    if cash:
        add_money(m, at, CASH_OUT, sign * amount)
    if text & TEXT_NEGATIVE == 0 and text & TEXT_OUT:
        add_count(m, at, TEXT_OUT_COUNT, sign)


@inner
def add_to_line(
    m: Any, at: Any, credit: Any, amount: Any, night: Any, text: Any, person: Any, payment: Any, cash: Any, sign: Any
) -> None:  # fmt: skip
    """Count a movement on day line ``at`` (``sign`` 1) or take it back (-1)."""
    if night:
        add_count(m, at, NIGHT, sign)
    if cash and NEAR_CASH_MINOR[0] <= amount < NEAR_CASH_MINOR[1]:
        add_count(m, at, NEAR_CASH + (0 if credit else 1), sign)
    if credit:
        _add_credit(m, at, amount, text, person, payment, sign)
    else:
        _add_debit(m, at, amount, text, cash, sign)


@inner
def add_to_account(a: Any, credit: Any, amount: Any, known: Any, person: Any, sign: Any) -> None:
    a.movements += sign
    if not credit:
        a.debited += sign * amount
        return
    a.credits += sign
    a.credited += sign * amount
    if known:
        a.credits_known += sign
    if person:
        a.credited_by_persons += sign * amount
