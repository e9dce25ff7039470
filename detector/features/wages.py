"""Whom a firm pays for work: the institution's payroll batches say so, and without them how it pays."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from contract.movement import HOLDER_KINDS
from detector.features.days import day_of_ms
from detector.features.forgetting import is_past
from detector.features.jit import inner
from detector.features.layout import PAIR_ON_PAYROLL, SIDE_OUT
from detector.features.pair_ends import ends_of
from detector.features.pairs import is_person, is_refund

LEAST_PAID: Final = 10
"""Persons paid on one day from which it can be a payday."""
LOOKED_BACK: Final = 365
LEAST_WAGE_MINOR: Final = 50_000
"""What is paid to who has brought nothing yet is pay from here on; less may be a trial, to see whether the account is his."""
_PERSON: Final = HOLDER_KINDS.index("person") + 1


class Paydays(NamedTuple):
    """int64[LOOKED_BACK] each: persons paid for the first time and last by days ago, and those of them who never paid in."""

    first: Any
    first_strangers: Any
    last: Any
    last_strangers: Any


@inner
def _count(paid: Any, strangers: Any, ago: Any, e: Any) -> None:
    if 0 <= ago < len(paid):
        paid[ago] += 1
        strangers[ago] += e.credits == 0


@inner
def find_paydays(m: Any, a: Any, as_of: Any, days: Any) -> None:
    """Which days, by days ago, were paydays: on which at least half of ten persons and more who were paid for the first time, or
    last of all, had never paid in. On a day of returns they all had.

    Staff are paid together from the first payday on; what they are paid last may be a dividend on what they lent. Only where the
    holder is not a person: who pays ten friends at once shares a bill.
    """
    if a.holder_kind == _PERSON or a.payees < LEAST_PAID:
        return
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        if not is_person(pair) or is_past(m, pair):
            continue
        e = ends_of(m, pair)
        if e.debits > 0 and not is_refund(e):
            _count(days.first, days.first_strangers, as_of - day_of_ms(e.first_out_ms), e)
            _count(days.last, days.last_strangers, as_of - day_of_ms(e.last_out_ms), e)


@inner
def _is_payday(paid: Any, strangers: Any, ago: Any) -> Any:
    return 0 <= ago < len(paid) and paid[ago] >= LEAST_PAID and 2 * strangers[ago] >= paid[ago]


@inner
def is_staff(a: Any, pair: Any, e: Any, as_of: Any, days: Any) -> Any:
    """Whether the person is paid for work: by payroll, by a firm before he ever paid in, or first or last on one of its paydays.

    What staff pay in is no deposit of the public (法释 2022 art. 1, look-alike L29), and nobody is paid a return before he
    brought anything. Says nothing of whom a private person pays.
    """
    if pair.bits & PAIR_ON_PAYROLL:
        return True
    if a.holder_kind == _PERSON or e.debits == 0:
        return False
    before = pair.side == SIDE_OUT and pair.first >= LEAST_WAGE_MINOR and e.first_out_ms < e.first_in_ms
    first = _is_payday(days.first, days.first_strangers, as_of - day_of_ms(e.first_out_ms))
    return before or first or _is_payday(days.last, days.last_strangers, as_of - day_of_ms(e.last_out_ms))
