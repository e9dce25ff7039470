"""Who paid one account and was paid by another afterwards: the trace that separate receiving and paying accounts leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.picture import Picture

POPULAR: Final = 40
"""A person with so many accounts on one side is no trace of anything: it is left out."""


def paid_before_paid(picture: Picture, into: Any, out: Any) -> tuple[Any, Any]:
    """Pairs of records of one person, of ``into`` and of ``out``, who first paid in before he was first paid.

    Whoever is met in more than ``POPULAR`` records of ``into`` is left out.
    """
    rows = picture.rows
    into = into[np.argsort(picture.party[into], kind="stable")]
    party = picture.party[into]
    low = np.searchsorted(party, picture.party[out], "left")
    many = np.searchsorted(party, picture.party[out], "right") - low
    many = np.where(many <= POPULAR, many, 0)
    ends = np.cumsum(many)
    place = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - many, many) + np.repeat(low, many)
    a, b = into[place], np.repeat(out, many)
    after = rows["first_in_ms"][a] < rows["first_out_ms"][b]
    return a[after], b[after]


@dataclass(frozen=True, slots=True)
class Returns:
    """Pairs of accounts (numbers in the picture) in order, with how many persons paid ``into`` and then were first paid
    by ``out_of``; wages are no payout. ``key`` is ``into * accounts + out_of``."""

    key: Any
    count: Any
    accounts: int

    @classmethod
    def of(cls, picture: Picture, among: Any) -> Returns:
        """All pairs of different accounts ``among`` those given (numbers in the picture)."""
        chosen = np.zeros(len(picture.accounts), np.bool_)
        chosen[among] = True
        use = picture.person & chosen[picture.of]
        rows, accounts = picture.rows, len(picture.accounts)
        into = np.flatnonzero(use & (rows["credits"] > 0))
        out = np.flatnonzero(use & (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0))
        a, b = paid_before_paid(picture, into, out)
        after = picture.of[a] != picture.of[b]
        key, count = np.unique(picture.of[a[after]] * accounts + picture.of[b[after]], return_counts=True)
        return cls(key, count, accounts)

    def matrix(self, accounts: Any) -> Any:
        """Persons by pair among these accounts: who paid the row's account and was paid by the column's."""
        keys = (accounts[:, None] * self.accounts + accounts[None, :]).ravel()
        if not len(self.key):
            return np.zeros((len(accounts), len(accounts)), np.int64)
        at = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[at] == keys, self.count[at], 0).reshape(len(accounts), len(accounts))

    def between(self, accounts: Any) -> int:
        """Sum over all pairs of these accounts."""
        return int(self.matrix(accounts).sum())

    def pairs(self, accounts: Any) -> dict[tuple[int, int], int]:
        """Persons by pair of places among these accounts, where there are any."""
        matrix = self.matrix(accounts)
        into, out_of = np.nonzero(matrix)
        return {(a, b): int(matrix[a, b]) for a, b in zip(into.tolist(), out_of.tolist(), strict=True)}
