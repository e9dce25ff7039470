"""What a union's payments to those who paid in can be besides returns: earnings, what was not used, a part of prices.

The same as an account alone is asked (``features.walk.is_return``, ``detector.returning``), over several accounts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.lattice import ROUND_MINOR, WITH_PRINCIPAL
from detector.features.walk import MOST_OVERPAID, PARTLY_FROM
from detector.returning import LEAST_REBATED

MOST_OF_PRICES: Final = 0.3
"""Of what it was brought a shop gives back three tenths at most; who pays for each task all of a price and more is no shop."""
MOST_ABOVE: Final = 0.2
"""Nor are they where a fifth were last paid what they began with and up to three tenths more: no shop pays above its price."""
BOUGHT_AGAIN: Final = 1 / 3
LEAST_PAID_MINOR: Final = 2_000
"""Whoever was paid less than 20 yuan in all shared a bill or praised a shop: nobody pays for that, in the end, what he brings."""
MOST_RATE: Final = 0.3
LEAST_EARNERS: Final = 0.5


def can_be_returns(paid_in: Any, paid_out: Any, debits: Any, began_with: Any) -> Any:
    """Persons whom what they were paid can be returns to (see ``features.walk.is_return``).

    Who leaves a deposit to be let work is soon paid many times of it; who is given back once more than half, and not all, has
    used a part.
    """
    partly = (debits == 1) & (_between(paid_out, paid_in) | _between(paid_out, began_with))
    return (paid_out <= MOST_OVERPAID * paid_in) & ~partly


def _between(paid: Any, of: Any) -> Any:
    return (paid > PARTLY_FROM * of) & (paid < of)


def are_customers(union: Any, rows: Any) -> bool:
    """Whether most who are paid back pay at prices that differ as often as they are paid, and a third of these again after it.

    As ``detector.returning.are_rebates`` of one account, which sees all of it; here some have bought once so far.
    """
    back = union.returnee
    bought = back & (union.credits >= union.debits) & (union.began_with % ROUND_MINOR != 0)
    bought &= union.paid_out < union.paid_in
    again = bought & (union.credits > 1) & (union.last_in > union.first_out)
    if not bought.any() or bought.sum() < LEAST_REBATED * back.sum() or again.sum() < BOUGHT_AGAIN * bought.sum():
        return False
    payers = int(union.payer.sum())
    small = union.paid_out[back].sum() <= MOST_OF_PRICES * union.paid_in[union.payer].sum()
    began = union.began_with[union.person_of]
    newest = np.where(rows["debits"] > 0, rows["last_debit"], 0)
    above = (newest > WITH_PRINCIPAL[0] * began) & (newest <= WITH_PRINCIPAL[1] * began)
    if len(np.unique(union.person_of[above & bought[union.person_of]])) >= MOST_ABOVE * bought.sum():
        return False
    _, counts = np.unique(union.began_with[union.payer], return_counts=True)
    return bool(small and 2 * counts.max() <= payers)


def are_earners(union: Any, every: Any, from_firms: int) -> bool:
    """Whether most payouts (``every``, over their principal) are more than interest and less than it with the principal, and
    firms brought what they came to: couriers leave a deposit, once, and are paid by the week what customers' firms pay.

    Where institutions do not tell kinds, such a firm is the one payer who brings it all and is paid nothing.
    """
    returned = int(union.paid_out[union.returnee].sum())
    by_one = int(union.paid_in[union.payer & (union.debits == 0)].max(initial=0))
    once = union.returnee & (union.credits == 1)
    neither = (every > MOST_RATE) & (every < 1.0)
    return bool(
        len(every) > 0
        and 2 * once.sum() >= union.returnee.sum()
        and neither.sum() >= LEAST_EARNERS * len(every)
        and max(from_firms, by_one) >= returned
    )
