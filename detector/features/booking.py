"""Book one customer movement on its account, its day and its counterparty."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from detector.features.columns import MAY_RETURN, REFUNDS
from detector.features.counting import add_to_account, add_to_line, at_night
from detector.features.days import day_of_ms, year_of
from detector.features.forgetting import fall_silent, is_silent
from detector.features.jit import inner
from detector.features.layout import (
    CREDITED,
    CREDITS,
    DEBITS,
    ELDERLY_FROM,
    GIVEN,
    MOST_NOTED,
    NEAR_CASH,
    NEVER,
    NO_BALANCE,
    PAIR_ON_PAYROLL,
    PAIR_TEXT_FUND,
    PAIR_TEXT_IN,
    PAIR_TEXT_OUT,
    PAIR_TEXT_P2P,
    PAIR_TEXT_POLICY,
    PAIR_TEXT_STRONG,
    PAIR_TEXT_WEAK,
    TAG_ANY,
    TAG_PERSON,
    TAG_RETURN,
    TAG_TEXT,
)
from detector.features.lexicon import TEXT_FUND, TEXT_IN, TEXT_NEGATIVE, TEXT_OUT, TEXT_P2P, TEXT_POLICY, TEXT_STRONG, TEXT_WEAK
from detector.features.line_values import count, money, note_balance
from detector.features.lines import line_of
from detector.features.memory import ELDERLY, KNOWN_AGES
from detector.features.pair_ends import ends_of
from detector.features.pairs import is_person, is_returnee, pair_of, record
from detector.features.remembering import begin_remembering, remember_event, remember_terminal
from detector.features.welcome import without_welcome

PAYMENT_KIND: Final = HOLDER_KINDS.index("payment") + 1
EVIDENCE_FROM: Final = 8
"""Distinct payers or payees from which event ids are remembered; below it no typology over counterparties can hit."""


@inner
def _text_bits(text: Any, credit: Any) -> Any:
    if text == 0:
        return 0
    # Premiums are ordinary business to an insurer; on another's account who pays them is still told apart.
    bits = PAIR_TEXT_POLICY if credit and text & TEXT_POLICY else 0
    if text & TEXT_NEGATIVE:
        return bits
    if not credit:
        return PAIR_TEXT_OUT if text & TEXT_OUT else 0
    if text & TEXT_IN:
        bits |= PAIR_TEXT_IN
    if text & TEXT_STRONG:
        bits |= PAIR_TEXT_IN | PAIR_TEXT_STRONG
    if text & TEXT_WEAK:
        bits |= PAIR_TEXT_WEAK
    if text & TEXT_P2P:
        bits |= PAIR_TEXT_P2P
    if text & TEXT_FUND:
        bits |= PAIR_TEXT_FUND
    return bits


@inner
def _note_who(a: Any, pair: Any, x: Any, i: Any) -> None:
    """Note on the account what its counterparties can say at most, so that screens need not ask them.

    Never taken back: the counts are bounds of what a walk over the counterparties can find. A city other than the
    branch's is counted when a counterparty comes to be of it; ``away`` also grows when the branch's city changes
    (``move_branch``), so at most one city more than that is ever met.
    """
    a.spoken |= pair.bits
    if pair.birth_year <= 0 and pair.occupation <= 0 and (x.birth_year[i] > 0 or x.occupation[i] > 0):
        a.described = min(a.described + 1, MOST_NOTED)
    city = x.region[i] // 100
    if city > 0 and city != pair.region // 100 and city != a.region // 100:
        a.away = min(a.away + 1, MOST_NOTED)


@inner
def move_branch(a: Any, region: Any) -> None:
    """Take the branch's region that a movement names."""
    if a.region > 0 and a.region // 100 != region // 100:
        a.away = min(a.away + 1, MOST_NOTED)
    a.region = region


@inner
def _learn_about(m: Any, a: Any, pair: Any, x: Any, i: Any, person: Any) -> None:
    """What the movement says of the counterparty itself, and the payer's words of what he pays for."""
    if x.credit[i]:
        a.pretexts |= x.pretexts[i]
    pair.bits |= _text_bits(x.text[i], x.credit[i])
    if x.payroll[i] and not x.credit[i]:
        pair.bits |= PAIR_ON_PAYROLL
    _note_who(a, pair, x, i)
    if x.birth_year[i] > 0:
        if pair.birth_year == 0 and x.credit[i] and person:
            m.counters[KNOWN_AGES] += 1
            if year_of(day_of_ms(x.ms[i])) - x.birth_year[i] >= ELDERLY_FROM:
                m.counters[ELDERLY] += 1
        pair.birth_year = x.birth_year[i]
    if x.occupation[i] > 0:
        pair.occupation = x.occupation[i]
    if x.region[i] > 0:
        pair.region = x.region[i]


@inner
def _remember(m: Any, a: Any, line: Any, x: Any, i: Any, tags: Any, rules: Any) -> None:
    """Remember the movement by id where its account has something to show; ``line`` is its day's."""
    if a.evidence < 0 and (
        a.payers >= EVIDENCE_FROM
        or a.payees >= EVIDENCE_FROM
        or money(m, line, CREDITED) >= rules.pass_least_inflow
        or count(m, line, NEAR_CASH) + count(m, line, NEAR_CASH + 1) > 0
        or (x.text[i] & TEXT_STRONG and x.text[i] & TEXT_NEGATIVE == 0)
    ):
        begin_remembering(m, a)
    if a.evidence >= 0:
        remember_event(m, a, x, i, tags)
        if x.terminal[i] != 0 and x.credit[i]:
            remember_terminal(m, a, x.terminal[i])


@inner
def _may_return(x: Any, i: Any, e: Any) -> Any:
    """Whether a debit may be money returned to who paid in: of a refund batch, what is less than half of the newest payment.

    Whoever gives back what was bought gives more; a twelfth month after month is no refund, whatever the batch is called.
    """
    return x.returns[i] == MAY_RETURN or (x.returns[i] == REFUNDS and 2 * x.amount[i] < e.last_credit)


@inner
def book(m: Any, row: Any, x: Any, i: Any, rules: Any) -> Any:
    """Count one customer movement on account, line and pair.

    Returns the pair or -1, and the time, amount and principal of the newest movement of its side before this one.
    """
    a = m.accounts[row]
    if is_silent(m, a):
        fall_silent(m, row)
    person = x.kind[i] <= 1
    add_to_account(a, x.credit[i], x.amount[i], x.counterparty[i] != 0, person, GIVEN)
    line = line_of(m, row, day_of_ms(x.ms[i]))
    last_ms, last, principal = np.int64(-NEVER), np.int64(0), np.int64(0)
    if line < 0:
        return np.int64(-1), last_ms, last, principal
    if count(m, line, CREDITS) == 0 and count(m, line, DEBITS) == 0:
        a.active_days += 1
    payment, cash = x.kind[i] == PAYMENT_KIND, x.cash[i] != 0
    add_to_line(m, line, x.credit[i], x.amount[i], at_night(x, i), x.text[i], person, payment, cash, GIVEN)
    if x.balance[i] != NO_BALANCE:
        note_balance(m, line, x.balance[i], x.ms[i])
    at = np.int64(-1)
    tags = TAG_ANY | (TAG_PERSON if person else 0)
    if x.counterparty[i] != 0:
        place = pair_of(m, row, x.counterparty[i], x.kind[i], x.ms[i], x.credit[i] != 0)
        pair = m.pairs[place]
        e = ends_of(m, pair)
        if x.credit[i] or _may_return(x, i, e) or e.credits == 0:
            at = place
            if x.credit[i]:
                last_ms, last = e.last_in_ms, e.last_credit
            else:
                last_ms, last, principal = e.last_out_ms, e.last_debit, e.principal
            record(m, row, at, line, x.credit[i] != 0, x.amount[i], x.ms[i])
        _learn_about(m, a, pair, x, i, person)
        if not x.credit[i] and is_person(pair) and is_returnee(without_welcome(m, ends_of(m, pair))):
            tags |= TAG_RETURN
    if x.text[i] != 0 and x.text[i] & TEXT_NEGATIVE == 0:
        tags |= TAG_TEXT
    _remember(m, a, line, x, i, tags, rules)
    return at, last_ms, last, principal
