"""Counterparty pairs: what one account and one counterparty did with each other, exactly.

A pair contributes to the account's day lines (as payer on the day of its newest credit, and so on), so that distinct
counts over any window are sums of lines. Every change takes the pair's old contribution back and gives the new one;
pairs hold first and newest times, not an order of arrival, so late movements end in the state of the ordered stream.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.days import day_of_ms
from detector.features.jit import inner
from detector.features.layout import FORGET_PAIR_DAYS, NEVER
from detector.features.lines import find
from detector.features.members import add
from detector.features.memory import PAIRS
from detector.features.schedules import note_payout, take_payout_back
from detector.features.tables import pair_slot

UNKNOWN_KIND = 0
PERSON = 1
"""Codes are positions in HOLDER_KINDS plus one; 0 is unknown, which counts as a person (contract §2.1)."""


@inner
def _same(a: Any, b: Any) -> Any:
    return b > 0 and abs(a - b) * 1000 <= b


@inner
def is_refund(pair: Any) -> Any:
    """The only debit equals, within 0.1 %, an earlier credit or all that was paid in (regulation §2.0)."""
    return (
        pair.debits == 1
        and pair.credits > 0
        and (
            _same(pair.paid_out, pair.first_credit)
            or _same(pair.paid_out, pair.last_credit)
            or _same(pair.paid_out, pair.paid_in)
        )
    )


@inner
def is_person(pair: Any) -> Any:
    """Whether the pair can be a payer or payee in the sense of a typology: a person, or not known to be none."""
    return pair.kind <= PERSON


@inner
def is_returnee(pair: Any) -> Any:
    """Whether the counterparty was paid after it had paid in, other than by an exact refund."""
    return pair.debits > 0 and pair.credits > 0 and pair.first_in_ms < pair.first_out_ms and not is_refund(pair)


@inner
def _forget(pair: Any, schedules: Any) -> None:
    pair.first_in_ms = NEVER
    pair.last_in_ms = -NEVER
    pair.first_out_ms = NEVER
    pair.last_out_ms = -NEVER
    pair.paid_in = 0
    pair.paid_out = 0
    pair.first_credit = 0
    pair.last_credit = 0
    pair.last_debit = 0
    pair.principal_at_last_debit = 0
    if pair.schedule >= 0:
        schedules[pair.schedule].count = 0
    pair.credits = 0
    pair.debits = 0
    pair.bits = 0


@inner
def pair_of(memory: Any, row: Any, key: Any, kind: Any, ms: Any) -> Any:
    """Index of the pair, made where it is new; one that was idle for a year begins anew.

    The caller makes sure that the pool and its index have room for one more.
    """
    slot = pair_slot(memory.pair_index, memory.pairs, row, key)
    at = memory.pair_index[slot]
    if at < 0:
        at = np.int32(memory.counters[PAIRS])
        memory.counters[PAIRS] += 1
        memory.pair_index[slot] = at
        pair = memory.pairs[at]
        pair.key = key
        pair.account = row
        pair.kind = kind
        pair.schedule = -1
        add(memory, row, at)
        _forget(pair, memory.schedules)
        return at
    pair = memory.pairs[at]
    newest = max(pair.last_in_ms, pair.last_out_ms)
    if newest > 0 and day_of_ms(ms) - day_of_ms(newest) > FORGET_PAIR_DAYS:
        give(memory, row, at, -1)
        _forget(pair, memory.schedules)
    return at


@inner
def give(memory: Any, row: Any, at: Any, sign: Any) -> None:
    """Add (``sign`` 1) or take back (-1) what the pair contributes to its account and to its day lines."""
    pair = memory.pairs[at]
    if not is_person(pair):
        return
    account = memory.accounts[row]
    if pair.credits > 0:
        account.payers += sign
        line = find(memory, row, day_of_ms(pair.last_in_ms))
        if line >= 0:
            memory.lines[line].payers += sign
        line = find(memory, row, day_of_ms(pair.first_in_ms))
        if line >= 0:
            memory.lines[line].new_payers += sign
    if pair.debits > 0 and not is_refund(pair):
        returnee = is_returnee(pair)
        account.payees += sign
        if returnee:
            account.returnees += sign
            account.returned += sign * pair.paid_out
        line = find(memory, row, day_of_ms(pair.last_out_ms))
        if line >= 0:
            memory.lines[line].payees += sign
            if returnee:
                memory.lines[line].returnees += sign


@inner
def _credit(pair: Any, amount: Any, ms: Any) -> None:
    pair.credits += 1
    pair.paid_in += amount
    if ms < pair.first_in_ms:
        pair.first_in_ms = ms
        pair.first_credit = amount
    if ms >= pair.last_in_ms:
        pair.last_in_ms = ms
        pair.last_credit = amount
    if ms < pair.last_out_ms:
        pair.principal_at_last_debit += amount


@inner
def _debit(pair: Any, amount: Any, ms: Any) -> None:
    pair.debits += 1
    pair.paid_out += amount
    if ms < pair.first_out_ms:
        pair.first_out_ms = ms
    if ms >= pair.last_out_ms:
        pair.last_out_ms = ms
        pair.last_debit = amount
        pair.principal_at_last_debit = pair.paid_in


@inner
def _credit_in_order(memory: Any, row: Any, pair: Any, line: Any, amount: Any, ms: Any) -> None:
    """Book a credit that is not earlier than any of the pair's, which has paid in only: two counts move at most."""
    if is_person(pair):
        day = day_of_ms(ms)
        if pair.credits == 0:
            memory.accounts[row].payers += 1
            memory.lines[line].payers += 1
            memory.lines[line].new_payers += 1
        elif day != day_of_ms(pair.last_in_ms):
            before = find(memory, row, day_of_ms(pair.last_in_ms))
            if before >= 0:
                memory.lines[before].payers -= 1
            memory.lines[line].payers += 1
    _credit(pair, amount, ms)


@inner
def _debit_in_order(memory: Any, row: Any, pair: Any, line: Any, amount: Any, ms: Any) -> None:
    """Book a debit that is not earlier than any of the pair's, which has been paid only."""
    if is_person(pair):
        if pair.debits == 0:
            memory.accounts[row].payees += 1
            memory.lines[line].payees += 1
        elif day_of_ms(ms) != day_of_ms(pair.last_out_ms):
            before = find(memory, row, day_of_ms(pair.last_out_ms))
            if before >= 0:
                memory.lines[before].payees -= 1
            memory.lines[line].payees += 1
    _debit(pair, amount, ms)


@inner
def record(memory: Any, row: Any, at: Any, line: Any, credit: Any, amount: Any, ms: Any) -> None:
    """Book one movement on the pair and bring the account's lines up to date; ``line`` is that of the movement's day."""
    pair = memory.pairs[at]
    # Most counterparties only pay or are only paid, in order; the rest is taken back whole and given again.
    if credit and pair.debits == 0 and (pair.credits == 0 or ms >= pair.last_in_ms):
        _credit_in_order(memory, row, pair, line, amount, ms)
    elif not credit and pair.credits == 0 and (pair.debits == 0 or ms >= pair.last_out_ms):
        _debit_in_order(memory, row, pair, line, amount, ms)
    else:
        give(memory, row, at, -1)
        if credit:
            _credit(pair, amount, ms)
        else:
            note_payout(memory, pair, amount, ms)
            _debit(pair, amount, ms)
        give(memory, row, at, 1)


@inner
def take_back(memory: Any, row: Any, at: Any, credit: Any, amount: Any, ms: Any) -> None:
    """Undo one reversed movement on the pair; a side that is empty again is as if it had never been."""
    pair = memory.pairs[at]
    give(memory, row, at, -1)
    if credit:
        pair.credits -= 1
        pair.paid_in -= amount
        if pair.credits == 0:
            pair.first_in_ms = NEVER
            pair.last_in_ms = -NEVER
            pair.first_credit = 0
            pair.last_credit = 0
    else:
        pair.debits -= 1
        pair.paid_out -= amount
        take_payout_back(memory, pair, amount, ms)
        if pair.debits == 0:
            pair.first_out_ms = NEVER
            pair.last_out_ms = -NEVER
            pair.last_debit = 0
    give(memory, row, at, 1)
