"""The trace that a circle's accounts leave together: persons who paid one member are paid back by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.picture import Picture

LEAST_RETURNED: Final = 3
COLLECTOR_SHARE: Final = 0.25
"""Of a collecting account's payers others pay at least so many,"""
DUE_SHARE: Final = 0.5
"""or so many of those that came no later than the newest whom others paid back,"""
PAYER_SHARE: Final = 0.4
"""and of those whom a paying account pays at least so many had paid others before, or thirty where these fill it."""
LEAST_SEEN: Final = 8
"""So many whose accounts are at institutions that report speak for the rest, whose two accounts nobody knows to be one's."""
LIFT: Final = 3.0
"""Three times as many as chance would bring where the circle pays a good part of the town anyway."""
LEAST_BROUGHT_MINOR: Final = 50_000
"""Who brought less than 500 yuan is a friend who shares a bill,"""
SMALL_MINOR: Final = 10_000
LEAST_OFTEN: Final = 3
MANY: Final = 30
"""but where thirty and more who brought 100 yuan are paid three times and more by others: no table has so many friends, and a
class's money that is left over goes back once."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The circle's records with persons: which member, which person, when each side began, and how much it came to."""

    member: Any
    person: Any
    first_in: Any
    first_out: Any
    brought: Any
    times_out: Any
    seen: Any
    members: int
    persons: int
    everybody: int

    @classmethod
    def of(cls, picture: Picture, accounts: Any) -> Trace:
        places, member = picture.with_persons(accounts)
        key, person = np.unique(picture.party[places], return_inverse=True)
        rows = picture.rows[places]
        out = (rows["debits"] > 0) & (rows["bits"] & BIT_PAYROLL == 0)
        return cls(
            member, person, np.where(rows["credits"] > 0, rows["first_in_ms"], 2**62),
            np.where(out, rows["first_out_ms"], -(2**62)), rows["paid_in"], np.where(out, rows["debits"], 0),
            picture.seen[key][person], len(accounts), len(key), picture.everybody,
        )  # fmt: skip

    def roles(self, kept: Any, filled: Any) -> tuple[Any, Any]:
        """Which members collect from those whom other kept ones pay, and which pay those who paid other kept ones.

        Of private accounts ``filled`` by others it matters less whom else they pay: some cards may be at banks that tell nothing.
        """
        on = kept[self.member]
        last_out = _two_best(self.person, self.member, np.where(on, self.first_out, -(2**62)), self.persons)
        first_in = _two_best(self.person, self.member, np.where(on, -self.first_in, -(2**62)), self.persons)
        paid_in, paid_out = self.first_in < 2**62, self.first_out > -(2**62)
        returned = paid_in & (_of_others(last_out, self.person, self.member) > self.first_in)
        had_paid = paid_out & (-_of_others(first_in, self.person, self.member) < self.first_out)
        elsewhere = self._all_of(np.where(on, self.brought, 0)) - self.brought
        often = self._all_of(np.where(on, self.times_out, 0)) >= LEAST_OFTEN
        small = returned & on & often & (self.brought >= SMALL_MINOR)
        least = SMALL_MINOR if len(np.unique(self.person[small])) >= MANY else LEAST_BROUGHT_MINOR
        returned &= (self.brought >= LEAST_BROUGHT_MINOR) | (often & (self.brought >= least))
        had_paid &= (elsewhere >= LEAST_BROUGHT_MINOR) | (often & (elsewhere >= least))

        def count(mask: Any) -> Any:
            return np.bincount(self.member[mask], minlength=self.members)

        # Who came after the newest of those paid back is not due yet: of a scheme that grows that is most of its payers.
        newest = np.full(self.members, -(2**62))
        np.maximum.at(newest, self.member[returned], self.first_in[returned])
        due = paid_in & (self.first_in <= newest[self.member])
        payees = np.count_nonzero(np.bincount(self.person[on & paid_out], minlength=self.persons))
        payers = np.count_nonzero(np.bincount(self.person[on & paid_in], minlength=self.persons))

        def enough(who: Any) -> tuple[Any, Any]:
            came, turn, were_paid = count(paid_in & who), count(due & who), count(paid_out & who)
            chance_in, chance_out = (
                LIFT * turn * payees / max(self.everybody, 1),
                LIFT * were_paid * payers / max(self.everybody, 1),
            )
            share_in = np.maximum(np.minimum(COLLECTOR_SHARE * came, DUE_SHARE * turn), np.minimum(chance_in, 0.6 * turn))
            part = np.where(filled, np.minimum(PAYER_SHARE * were_paid, MANY), PAYER_SHARE * were_paid)
            share_out = np.maximum(part, np.minimum(chance_out, 0.6 * were_paid))
            return count(returned & who) >= share_in, count(had_paid & who) >= share_out

        # Where enough of them can be met on both sides, these speak for the rest as well.
        of_all, of_seen = enough(np.ones(len(self.member), np.bool_)), enough(self.seen)
        collects = of_all[0] | (of_seen[0] & (count(due & self.seen) >= LEAST_SEEN))
        pays = of_all[1] | (of_seen[1] & (count(paid_out & self.seen) >= LEAST_SEEN))
        return kept & collects & (count(returned) >= LEAST_RETURNED), kept & pays & (count(had_paid) >= LEAST_RETURNED)

    def _all_of(self, sums: Any) -> Any:
        """Each record's person's sum over all records."""
        return np.bincount(self.person, sums, minlength=self.persons)[self.person]


def _two_best(person: Any, member: Any, value: Any, persons: int) -> tuple[Any, Any, Any]:
    """Each person's largest value, whose it is, and the largest of any other member."""
    order = np.lexsort((value, person))
    best, whose, second = np.full(persons, -(2**62)), np.full(persons, -1), np.full(persons, -(2**62))
    best[person[order]] = value[order]
    whose[person[order]] = member[order]
    rest = order[member[order] != whose[person[order]]]
    second[person[rest]] = value[rest]
    return best, whose, second


def _of_others(two: tuple[Any, Any, Any], person: Any, member: Any) -> Any:
    best, whose, second = two
    return np.where(whose[person] == member, second[person], best[person])
