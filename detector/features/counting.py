"""What one movement adds to its account and to its day line, or takes back from them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.days import DAY_MS, SHANGHAI_MS, day_of_ms
from detector.features.jit import inner
from detector.features.layout import MARKS_MINOR, NEAR_CASH_MINOR, PROBE_DAYS, PROBE_MOST_MINOR, SLEEP_DAYS, UNITS_MINOR
from detector.features.lexicon import TEXT_IN, TEXT_NEGATIVE, TEXT_OUT, TEXT_STRONG, TEXT_WEAK

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
def _add_credit(line: Any, amount: Any, text: Any, person: Any, payment: Any, sign: Any) -> None:
    line.credits += sign
    line.credited += sign * amount
    if person:
        line.credits_from_persons += sign
        line.credited_by_persons += sign * amount
    elif payment:
        line.from_payment += sign * amount
    if text & TEXT_NEGATIVE == 0:
        if text & (TEXT_IN | TEXT_STRONG):
            line.text_in += sign
        elif text & TEXT_WEAK:
            line.text_weak += sign
    for k in range(len(_MARKS)):
        if amount >= _MARKS[k]:
            line.at_marks[k] += sign
    if amount > 0 and amount % _UNITS[0] == 0:
        for k in range(len(_UNITS)):
            if amount % _UNITS[k] == 0:
                line.at_units[k] += sign


@inner
def _add_debit(line: Any, amount: Any, text: Any, cash: Any, sign: Any) -> None:
    line.debits += sign
    line.debited += sign * amount
    if cash:
        line.cash_out += sign * amount
    if text & TEXT_NEGATIVE == 0 and text & TEXT_OUT:
        line.text_out += sign


@inner
def add_to_line(
    line: Any, credit: Any, amount: Any, night: Any, text: Any, person: Any, payment: Any, cash: Any, sign: Any
) -> None:  # fmt: skip
    if night:
        line.night += sign
    if cash and NEAR_CASH_MINOR[0] <= amount < NEAR_CASH_MINOR[1]:
        line.near_cash[0 if credit else 1] += sign
    if credit:
        _add_credit(line, amount, text, person, payment, sign)
    else:
        _add_debit(line, amount, text, cash, sign)


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
