"""Whom a firm pays for work: payroll batches say so, and without them that it paid him before he brought anything."""

from __future__ import annotations

from typing import Any, Final

from contract.movement import HOLDER_KINDS
from detector.features.days import DAY_MS, day_of_ms
from detector.features.jit import inner
from detector.features.layout import PAIR_ON_PAYROLL

LEAST_WAGE_MINOR: Final = 200_000
"""What is paid for a month's work at least, on the average; less to who has brought nothing may be a gift or a trial."""
WAGE_DAYS: Final = (20, 40)
"""Days between wages, on the average. Who was paid as long ago before he brought anything needs no second wage."""
PAYDAY_DAYS: Final = 31
"""Days within which every firm has a payday, whichever day of the month it is."""
REPAID: Final = (40, 120)
"""Per cent of what somebody brought that one payment to him may be as its repayment."""
_PERSON: Final = HOLDER_KINDS.index("person") + 1


@inner
def is_staff(a: Any, pair: Any, e: Any, as_of: Any, seen_days: Any) -> Any:
    """Whether what the person brings is no deposit of the public (法释 2022 art. 1, look-alike L29): he is on the payroll, or was
    paid wages by a holder who is not a private person before he ever paid in, or before it could be seen whether he was.

    That a firm can arrange at a wage's price, so it takes nothing away but his deposit: his words and what he is paid back
    count as anybody's, and only a payroll batch makes a firm its staff's (detector/suppression.py).
    """
    if pair.bits & PAIR_ON_PAYROLL:
        return True
    if not _has_wages(a, e):
        return False
    long_before = e.first_in_ms - e.first_out_ms >= WAGE_DAYS[0] * DAY_MS
    first = e.first_out_ms < e.first_in_ms and (long_before or _is_monthly(e))
    return first or came_before_paydays(a, e, as_of, seen_days)


@inner
def _has_wages(a: Any, e: Any) -> Any:
    return a.holder_kind != _PERSON and e.debits > 0 and e.paid_out >= LEAST_WAGE_MINOR * e.debits


@inner
def _is_monthly(e: Any) -> Any:
    between = (e.last_out_ms - e.first_out_ms) // (DAY_MS * max(e.debits - 1, 1))
    return e.debits > 1 and WAGE_DAYS[0] <= between <= WAGE_DAYS[1]


@inner
def _is_repaid(e: Any) -> Any:
    """Whether the one payment to him may be what he brought before it, with interest, or a good part of it."""
    share = 100 * e.paid_out
    return e.first_in_ms < e.first_out_ms and REPAID[0] * e.paid_in <= share <= REPAID[1] * e.paid_in


@inner
def came_before_paydays(a: Any, e: Any, as_of: Any, seen_days: Any) -> Any:
    """Whether he may have had wages that nobody here saw: a firm that is older than what was seen pays him by the month, or once
    and his second payday has not come, and he paid in or was paid within the first month that was seen.
    """
    began = as_of - seen_days
    waits = e.debits == 1 and as_of - day_of_ms(e.first_out_ms) <= WAGE_DAYS[1] and not _is_repaid(e)
    early = day_of_ms(min(e.first_in_ms, e.first_out_ms)) <= began + PAYDAY_DAYS
    return a.opened <= began and early and _has_wages(a, e) and (waits or _is_monthly(e))
