"""Which accounts the scheme process hears of, and when: a function of each account's own history."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from contract.profile import LICENCES
from detector.suppression import FINANCIAL_LICENCES

LEAST_PAYERS: Final = 3
LEAST_PAYEES: Final = 5
LEAST_TAKEN_MINOR: Final = 300_000
"""A mule has few payers and a paying account none, so little is asked: some persons on one side, and of three payers entry
fees of 1,000 yuan. What goes back to five payees may be a month's interest on these."""
MORE_PERSONS: Final = 3
GROWN: Final = 0.1
"""Told again on a day by which persons grew by three and a tenth since it was told last,"""
SOON_DAYS: Final = 4
"""or money or persons by a tenth after four days,"""
AGAIN_DAYS: Final = 10
"""or money at all after ten."""

TOLD: Final = np.dtype([("money", "i8"), ("persons", "i4"), ("day", "i4"), ("category", "i1"), ("named", "i1"), ("waits", "i1")])
"""What was told of an account last, by row; ``day`` 0 is never. One that ``waits`` moved since and was not due yet."""

_NEVER_MEMBERS: Final = np.array([False, *(kind in ("public_body", "financial", "payment") for kind in HOLDER_KINDS)])
_LICENSED: Final = np.array([False, *(word in FINANCIAL_LICENCES or word == "public_body" for word in LICENCES)])


def are_known(accounts: Any) -> Any:
    """Account rows whose trade is known: licensed, public or a payment body. They are in no scheme's money."""
    return _NEVER_MEMBERS[accounts["holder_kind"]] | _LICENSED[accounts["licence"]]


def are_candidates(accounts: Any) -> Any:
    """Account rows whose money with persons is more than trifling."""
    collects = (accounts["payers"] >= LEAST_PAYERS) & (accounts["credited_by_persons"] >= LEAST_TAKEN_MINOR)
    return collects | (accounts["payees"] >= LEAST_PAYEES)


def _persons(accounts: Any) -> Any:
    return accounts["payers"] + accounts["payees"]


def _money(accounts: Any) -> Any:
    return accounts["credited"] + accounts["debited"]


def are_due(accounts: Any, category: Any, told: Any, day: int) -> Any:
    """Account rows that changed enough since they were told; what is known by its trade is told once."""
    never, days = told["day"] == 0, day - told["day"]
    persons, money = _persons(accounts), _money(accounts)
    more = persons >= np.maximum(told["persons"] + MORE_PERSONS, told["persons"] * (1 + GROWN))
    grown = (persons >= told["persons"] * (1 + GROWN)) | (money >= told["money"] * (1 + GROWN))
    moved = have_moved(accounts, told)
    due = more | (moved & grown & (days >= SOON_DAYS)) | (moved & (days >= AGAIN_DAYS)) | (category != told["category"])
    return never | (~are_known(accounts) & due)


def have_moved(accounts: Any, told: Any) -> Any:
    """Account rows that moved money since they were told."""
    return _money(accounts) != told["money"]


def tell(accounts: Any, category: Any, day: int) -> Any:
    """Entries of ``TOLD`` for account rows that are told now."""
    entries = np.zeros(len(accounts), TOLD)
    entries["money"], entries["persons"] = _money(accounts), _persons(accounts)
    entries["day"], entries["category"], entries["named"] = day, category, accounts["customer_key"] != 0
    return entries
