"""Counterparty pairs: what one account and one counterparty did with each other, exactly.

A pair contributes to the account's day lines (as payer on the day of its newest credit, and so on), so that distinct
counts over any window are sums of lines. Every change takes the pair's old contribution back and gives the new one;
pairs hold first and newest times, not an order of arrival, so late movements end in the state of the ordered stream.
"""

from __future__ import annotations

from typing import Any

from detector.features.days import day_of_ms
from detector.features.forgetting import free_pair, newest_ms
from detector.features.jit import apart, inner
from detector.features.layout import (
    FORGET_PAIR_DAYS,
    GIVEN,
    NEVER,
    NEW_PAYERS,
    PAYEES,
    PAYERS,
    RETURNEES,
    SIDE_IN,
    SIDE_OUT,
    TAKEN_BACK,
)
from detector.features.line_values import add_count
from detector.features.lines import days_of, find
from detector.features.members import add, remove
from detector.features.memory import FREE_PAIRS, PAIRS
from detector.features.pair_ends import empty_end, ends_of, enter_credit, enter_debit
from detector.features.schedules import note_payout
from detector.features.tables import pair_row, put_pair
from detector.features.undoing import undo
from detector.features.welcome import without_welcome

UNKNOWN_KIND = 0
PERSON = 1
"""Codes are positions in HOLDER_KINDS plus one; 0 is unknown, which counts as a person (contract §2.1)."""


@inner
def _same(a: Any, b: Any) -> Any:
    return b > 0 and abs(a - b) * 1000 <= b


@inner
def is_refund(e: Any) -> Any:
    """The only debit equals, within 0.1 %, an earlier credit or all that was paid in (regulation §2.0)."""
    return (
        e.debits == 1
        and e.credits > 0
        and (_same(e.paid_out, e.first_credit) or _same(e.paid_out, e.last_credit) or _same(e.paid_out, e.paid_in))
    )


@inner
def is_person(pair: Any) -> Any:
    """Whether the pair can be a payer or payee in the sense of a typology: a person, or not known to be none."""
    return pair.kind <= PERSON


@inner
def is_returnee(e: Any) -> Any:
    """Whether the counterparty was paid after it had paid in, other than by an exact refund; a small sum before that, which
    welcomed it, is left out of ``e`` (features.welcome)."""
    return e.debits > 0 and e.credits > 0 and e.first_in_ms < e.first_out_ms and not is_refund(e)


@inner
def _new_pair(m: Any) -> Any:
    """Place of a pair that nobody uses; the caller makes sure of room for one more."""
    at = m.counters[FREE_PAIRS]
    if at >= 0:
        m.counters[FREE_PAIRS] = m.pairs[at].other
        return at
    at = m.counters[PAIRS]
    m.counters[PAIRS] = at + 1
    return at


@inner
def pair_of(m: Any, row: Any, key: Any, kind: Any, ms: Any, credit: Any) -> Any:
    """Index of the pair, made where it is new; one that was idle for a year begins anew, as if it had never been.

    What the account's cumulative figures say of it stays: it paid then, and who comes back is met again. The caller makes
    sure that the pool and its index have room for one more.
    """
    at = pair_row(m.pair_index, m.pairs, row, key)
    if at >= 0:
        last = newest_ms(m, m.pairs[at])
        if last == -NEVER or day_of_ms(ms) - day_of_ms(last) <= FORGET_PAIR_DAYS:
            return at
        remove(m, row, at)
        free_pair(m, at)
    at = _new_pair(m)
    pair = m.pairs[at]
    empty_end(pair)
    pair.key = key
    pair.account = row
    pair.other = -1
    pair.region = 0
    pair.birth_year = 0
    pair.kind = kind
    pair.bits = 0
    pair.occupation = 0
    pair.side = SIDE_IN if credit else SIDE_OUT
    put_pair(m.pair_index, m.pairs, at)
    add(m, row, at)
    return at


@inner
def _give_at(m: Any, a: Any, day: Any, which: Any, sign: Any) -> None:
    line = find(m, a, day)
    if line >= 0:
        add_count(m, line, which, sign)


@inner
def give(m: Any, row: Any, at: Any, sign: Any) -> None:
    """Add (``sign`` 1) or take back (-1) what the pair contributes to its account and to its day lines."""
    pair = m.pairs[at]
    if is_person(pair):
        _give(days_of(m), m.accounts[row], without_welcome(m, ends_of(m, pair)), sign)


@apart
def _give(m: Any, a: Any, e: Any, sign: Any) -> None:
    if e.credits > 0:
        a.payers += sign
        _give_at(m, a, day_of_ms(e.last_in_ms), PAYERS, sign)
        _give_at(m, a, day_of_ms(e.first_in_ms), NEW_PAYERS, sign)
    if e.debits > 0 and not is_refund(e):
        a.payees += sign
        _give_at(m, a, day_of_ms(e.last_out_ms), PAYEES, sign)
        if is_returnee(e):
            a.returnees += sign
            a.returned += sign * e.paid_out
            _give_at(m, a, day_of_ms(e.last_out_ms), RETURNEES, sign)


@inner
def _credit_in_order(m: Any, row: Any, pair: Any, e: Any, line: Any, amount: Any, ms: Any) -> None:
    """Book a credit that is not earlier than any of the pair's, which has paid in only: two counts move at most."""
    if is_person(pair):
        if e.credits == 0:
            m.accounts[row].payers += 1
            add_count(m, line, PAYERS, GIVEN)
            add_count(m, line, NEW_PAYERS, GIVEN)
        elif day_of_ms(ms) != day_of_ms(e.last_in_ms):
            _give_at(m, m.accounts[row], day_of_ms(e.last_in_ms), PAYERS, TAKEN_BACK)
            add_count(m, line, PAYERS, GIVEN)
    enter_credit(m, pair, e.last_out_ms, amount, ms)


@inner
def _debit_in_order(m: Any, row: Any, pair: Any, e: Any, line: Any, amount: Any, ms: Any) -> None:
    """Book a debit that is not earlier than any of the pair's, which has been paid only."""
    if is_person(pair):
        if e.debits == 0:
            m.accounts[row].payees += 1
            add_count(m, line, PAYEES, GIVEN)
        elif day_of_ms(ms) != day_of_ms(e.last_out_ms):
            _give_at(m, m.accounts[row], day_of_ms(e.last_out_ms), PAYEES, TAKEN_BACK)
            add_count(m, line, PAYEES, GIVEN)
    enter_debit(m, pair, e, amount, ms)


@inner
def record(m: Any, row: Any, at: Any, line: Any, credit: Any, amount: Any, ms: Any) -> None:
    """Book one movement on the pair and bring the account's lines up to date; ``line`` is that of the movement's day."""
    pair = m.pairs[at]
    e = ends_of(m, pair)
    # Most counterparties only pay or are only paid, in order; the rest is taken back whole and given again.
    if credit and e.debits == 0 and (e.credits == 0 or ms >= e.last_in_ms):
        _credit_in_order(m, row, pair, e, line, amount, ms)
    elif not credit and e.credits == 0 and (e.debits == 0 or ms >= e.last_out_ms):
        _debit_in_order(m, row, pair, e, line, amount, ms)
    else:
        give(m, row, at, TAKEN_BACK)
        if credit:
            enter_credit(m, pair, e.last_out_ms, amount, ms)
        else:
            note_payout(m, pair, e, amount, ms)
            enter_debit(m, pair, e, amount, ms)
        give(m, row, at, GIVEN)


@inner
def take_back(m: Any, row: Any, at: Any, slot: Any) -> None:
    """Undo the reversed movement of a slot of the window: the pair stands as if it had never been."""
    pair = m.pairs[at]
    give(m, row, at, TAKEN_BACK)
    undo(m, pair, at, slot)
    give(m, row, at, GIVEN)
