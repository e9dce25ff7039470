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
SECOND_PAYDAY: Final = 62
"""Days by whose end two paydays of every firm were seen, whichever day of the month they are."""
_PERSON: Final = HOLDER_KINDS.index("person") + 1


@inner
def is_staff(a: Any, pair: Any, e: Any, as_of: Any, seen_days: Any) -> Any:
    """Whether what the person brings is no deposit of the public (法释 2022 art. 1, look-alike L29): he is on the payroll, or was
    paid wages by a holder who is not a private person before he ever paid in.

    That a firm can arrange at a wage's price, so it takes nothing away but his deposit: his words and what he is paid back
    count as anybody's, and only a payroll batch makes a firm its staff's (detector/suppression.py).
    """
    if pair.bits & PAIR_ON_PAYROLL:
        return True
    if a.holder_kind == _PERSON or e.debits == 0 or e.paid_out < LEAST_WAGE_MINOR * e.debits:
        return False
    before = (e.first_in_ms - e.first_out_ms) // DAY_MS
    between = (e.last_out_ms - e.first_out_ms) // (DAY_MS * max(e.debits - 1, 1))
    monthly = e.debits > 1 and WAGE_DAYS[0] <= between <= WAGE_DAYS[1]
    first = e.first_out_ms < e.first_in_ms
    return (first and (before >= WAGE_DAYS[0] or monthly)) or _came_before_paydays(a, e, monthly, as_of, seen_days)


@inner
def _came_before_paydays(a: Any, e: Any, monthly: Any, as_of: Any, seen_days: Any) -> Any:
    """Whether he may have had wages that nobody here saw: of a firm that is older than what was seen, he brought his money in the
    first month, or in the next after one wage, and is paid by the month or his second payday has not come.
    """
    if seen_days > SECOND_PAYDAY or a.opened > as_of - seen_days:
        return False
    began = as_of - seen_days + 1
    waits = e.debits == 1 and as_of - day_of_ms(e.first_out_ms) <= WAGE_DAYS[1]
    early = day_of_ms(min(e.first_in_ms, e.first_out_ms)) < began + SECOND_PAYDAY // 2
    return early and (monthly or waits)
