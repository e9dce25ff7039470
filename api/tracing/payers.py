"""Who paid into a scheme, when first, and what came back: one person by all names that institutions have for him."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.tracing.legs import Leg
from api.tracing.parties import Party
from api.tracing.purses import PAYERS


@dataclass(slots=True)
class Payer:
    """One payer; minor units."""

    since_ms: int
    paid: int = 0
    back: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """What payers paid in and got back; ``owed`` is what they are short of, ``beyond`` what some got over what they paid."""

    payers: int
    paid_in: int
    paid_back: int
    owed: int
    beyond: int


class Register:
    """The payers of all accounts. Who is known here as a customer and there as an account is one.

    An account is its customer's by whatever movement names both, the latest debit too. One that movements name with several
    customers is nobody's (a clearing account): it makes no two of them one, and alone it stands for itself.
    """

    def __init__(self, books: Sequence[Sequence[Leg]]) -> None:
        self._customer_of = _customers(leg.party for book in books for leg in book)
        self._payers: dict[str, Payer] = {}
        for leg in (leg for book in books for leg in book if leg.is_credit and not leg.peers and leg.origin == PAYERS):
            payer = self._payers.setdefault(self._name(leg.party), Payer(leg.at_ms))
            payer.since_ms = min(payer.since_ms, leg.at_ms)
            payer.paid += leg.minor

    def returned(self, leg: Leg) -> bool:
        """Whether this debit pays somebody back who had paid in before; it is noted then."""
        payer = self._payers.get(self._name(leg.party)) if leg.may_return else None
        if payer is None or payer.since_ms > leg.at_ms:
            return False
        payer.back += leg.minor
        return True

    def knows(self, party: Party) -> bool:
        """Whether this is somebody who paid in, then or later."""
        return self._name(party) in self._payers

    def people(self) -> People:
        """All payers added up."""
        found = self._payers.values()
        return People(
            len(found),
            sum(one.paid for one in found),
            sum(one.back for one in found),
            sum(max(0, one.paid - one.back) for one in found),
            sum(max(0, one.back - one.paid) for one in found),
        )

    def _name(self, party: Party) -> str:
        """One name for all that a person is named by; of nobody's, the empty one."""
        account = party.account_id or ""
        return party.customer_id or self._customer_of.get(account) or account


def _customers(parties: Iterable[Party]) -> dict[str, str | None]:
    """The one customer of each account that was named with one; None where there are several."""
    found: dict[str, str | None] = {}
    for party in parties:
        if party.account_id is not None and party.customer_id is not None:
            known = found.setdefault(party.account_id, party.customer_id)
            found[party.account_id] = known if known == party.customer_id else None
    return found
