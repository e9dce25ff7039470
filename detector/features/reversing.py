"""What is remembered of a movement within the duplicate window, and how a reversal takes it back."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.booking import PAYMENT_KIND
from detector.features.counting import add_to_account, add_to_line, at_night
from detector.features.days import day_of_ms
from detector.features.jit import apart, inner
from detector.features.layout import (
    CREDITS,
    DEBITS,
    SEEN_CASH,
    SEEN_COUNTED,
    SEEN_CREDIT,
    SEEN_KNOWN,
    SEEN_NIGHT,
    SEEN_PAYMENT,
    SEEN_PERSON,
    SEEN_REVERSED,
    TAKEN_BACK,
    TEXT_SHIFT,
)
from detector.features.line_values import count
from detector.features.lines import find
from detector.features.pairs import take_back
from detector.features.seen import is_known, seen_slot
from detector.features.tables import event_key


@inner
def _unbook(m: Any, row: Any, slot: Any) -> None:
    """Take back what a reversed movement counted, by what is remembered of it and of those about it."""
    entry = m.seen[slot]
    credit = entry.bits & SEEN_CREDIT != 0
    person = entry.bits & SEEN_PERSON != 0
    add_to_account(m.accounts[row], credit, entry.amount, entry.bits & SEEN_KNOWN != 0, person, TAKEN_BACK)
    if entry.pair >= 0:
        take_back(m, row, entry.pair, slot)
    line = find(m, m.accounts[row], day_of_ms(entry.ms))
    if line >= 0:
        # Of the types that booking hands over: else all that a line counts is compiled twice.
        text, side = np.uint8(entry.bits >> TEXT_SHIFT), np.uint8(1 if credit else 0)
        night, payment, cash = entry.bits & SEEN_NIGHT != 0, entry.bits & SEEN_PAYMENT != 0, entry.bits & SEEN_CASH != 0
        add_to_line(m, line, side, entry.amount, night, text, person, payment, cash, TAKEN_BACK)
        if count(m, line, CREDITS) == 0 and count(m, line, DEBITS) == 0:
            m.accounts[row].active_days -= 1


@apart
def reverse(m: Any, row: Any, x: Any, i: Any) -> None:
    """Take back the movement that movement ``i`` reverses, if it is remembered.

    Rare enough that copying ``m`` and ``x`` at the call costs less than its place in the loop.
    """
    for turn in range(2):
        credit = x.credit[i] if turn else 1 - x.credit[i]
        slot = seen_slot(m.seen_index, m.seen, event_key(x.account[i], x.reversal_of[i], credit))
        entry = m.seen[slot]
        if is_known(m, slot) and entry.bits & SEEN_COUNTED and entry.bits & SEEN_REVERSED == 0:
            entry.bits |= SEEN_REVERSED
            _unbook(m, row, slot)
            return


@inner
def seen_bits(x: Any, i: Any, counted: Any) -> Any:
    bits = np.int64(x.text[i]) << TEXT_SHIFT
    if x.credit[i]:
        bits |= SEEN_CREDIT
    if counted:
        bits |= SEEN_COUNTED
    if x.kind[i] <= 1:
        bits |= SEEN_PERSON
    if x.counterparty[i] != 0:
        bits |= SEEN_KNOWN
    if x.kind[i] == PAYMENT_KIND:
        bits |= SEEN_PAYMENT
    if x.cash[i]:
        bits |= SEEN_CASH
    if at_night(x, i):
        bits |= SEEN_NIGHT
    return bits
