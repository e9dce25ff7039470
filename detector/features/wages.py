"""Whom a firm pays for work: the institution's payroll batches say so, and without them how it pays."""

from __future__ import annotations

from typing import Any, Final

from contract.movement import HOLDER_KINDS
from detector.features.days import day_of_ms
from detector.features.forgetting import is_past
from detector.features.jit import inner
from detector.features.layout import PAIR_ON_PAYROLL, SIDE_OUT
from detector.features.pair_ends import ends_of
from detector.features.pairs import is_person, is_refund

LEAST_PAID: Final = 10
"""Persons paid on one day from which it can be a payday."""
LOOKED_BACK: Final = 90
LEAST_WAGE_MINOR: Final = 50_000
"""What is paid to who has brought nothing yet is pay from here on; less may be a trial, to see whether the account is his."""
_PERSON: Final = HOLDER_KINDS.index("person") + 1


@inner
def find_paydays(m: Any, a: Any, as_of: Any, paid: Any, strangers: Any, paydays: Any) -> None:
    """Which of the last 90 days, by days ago, were paydays: on which at least half of ten persons and more who were last paid had
    never paid in. On a day of returns they all had.

    ``paid`` and ``strangers`` are int64[90], ``paydays`` bool[90], all zero. Only where the holder is not a person: who
    pays ten friends at once shares a bill.
    """
    if a.holder_kind == _PERSON or a.payees < LEAST_PAID:
        return
    for k in range(a.members_at, a.members_at + a.pairs):
        pair = m.pairs[m.members[k]]
        if not is_person(pair) or is_past(m, pair):
            continue
        e = ends_of(m, pair)
        if e.debits > 0 and not is_refund(e):
            ago = as_of - day_of_ms(e.last_out_ms)
            if 0 <= ago < LOOKED_BACK:
                paid[ago] += 1
                strangers[ago] += e.credits == 0
    for ago in range(LOOKED_BACK):
        paydays[ago] = paid[ago] >= LEAST_PAID and 2 * strangers[ago] >= paid[ago]


@inner
def is_staff(a: Any, pair: Any, e: Any, as_of: Any, paydays: Any) -> Any:
    """Whether the person is paid for work: by payroll, by a firm before he ever paid in, or last on one of its paydays.

    What staff pay in is no deposit of the public (法释 2022 art. 1, look-alike L29), and nobody is paid a return before he
    brought anything. Says nothing of whom a private person pays.
    """
    if pair.bits & PAIR_ON_PAYROLL:
        return True
    if a.holder_kind == _PERSON or e.debits == 0:
        return False
    ago = as_of - day_of_ms(e.last_out_ms)
    first = pair.side == SIDE_OUT and pair.first >= LEAST_WAGE_MINOR and e.first_out_ms < e.first_in_ms
    return first or (0 <= ago < LOOKED_BACK and paydays[ago])
