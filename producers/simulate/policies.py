"""Insurance policies of the city as columns: what a premium, a surrender, a loan or a claim is booked on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

RELATIONS: Final = ("self", "spouse", "parent", "child", "employer", "agent", "other")
"""Who pays or is paid, seen from the policy's holder: the words that the simulated insurer gives."""

PRODUCTS: Final = ("life", "annuity", "universal", "motor", "health", "group")


@dataclass(slots=True)
class Policies:
    """One entry a policy: day number of issue, product, what is due each time and the cash value, both in fen."""

    issued: list[int] = field(default_factory=list)
    product: list[str] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    cash_value: list[int] = field(default_factory=list)

    def add(self, issued: Any, product: str, due: Any, cash_value: Any) -> Any:
        """Issue policies, one an entry of ``due``; their numbers, from 1."""
        count, first = len(np.atleast_1d(due)), len(self.issued) + 1
        self.issued += np.broadcast_to(issued, count).astype(int).tolist()
        self.product += [product] * count
        self.due += np.atleast_1d(due).astype(int).tolist()
        self.cash_value += np.broadcast_to(cash_value, count).astype(int).tolist()
        return np.arange(first, first + count)
