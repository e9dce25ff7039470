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
    """The payers of all accounts. Who is known here as a customer and there as an account is one."""

    def __init__(self, books: Iterable[Sequence[Leg]]) -> None:
        self._of: dict[str, Payer] = {}
        legs = [leg for book in books for leg in book if leg.is_credit and not leg.peers and leg.origin == PAYERS]
        for leg in sorted(legs, key=lambda one: (one.at_ms, one.party.customer_id or "", one.party.account_id or "")):
            payer = self._known(leg.party) or Payer(leg.at_ms)
            payer.paid += leg.minor
            for name in (leg.party.customer_id, leg.party.account_id):
                if name is not None:
                    self._of.setdefault(name, payer)

    def returned(self, leg: Leg) -> bool:
        """Whether this debit pays somebody back who had paid in before; it is noted then."""
        payer = self._known(leg.party) if leg.may_return else None
        if payer is None or payer.since_ms > leg.at_ms:
            return False
        payer.back += leg.minor
        return True

    def people(self) -> People:
        """All payers added up."""
        found = list({id(one): one for one in self._of.values()}.values())
        return People(
            len(found),
            sum(one.paid for one in found),
            sum(one.back for one in found),
            sum(max(0, one.paid - one.back) for one in found),
            sum(max(0, one.back - one.paid) for one in found),
        )

    def _known(self, party: Party) -> Payer | None:
        found = (self._of.get(name) for name in (party.customer_id, party.account_id) if name is not None)
        return next((one for one in found if one is not None), None)
