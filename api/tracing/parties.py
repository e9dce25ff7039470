"""Who is on the two sides of a movement: the members of a scheme, and whoever else institutions name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Member(NamedTuple):
    """An account of the scheme and its holder, where known."""

    institution_code: str
    account_id: str
    customer_id: str | None


class Party(NamedTuple):
    """The other side of a movement, as the account's institution names it."""

    account_id: str | None
    customer_id: str | None
    kind: str | None
    institution: str | None
    region: str | None
    country: str | None


class Circle:
    """The members of a scheme, asked who of them the other side of a movement is."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._accounts: dict[str, list[int]] = {}
        self._holders: dict[str, list[int]] = {}
        self._members = members
        for place, member in enumerate(members):
            self._accounts.setdefault(member.account_id, []).append(place)
            if member.customer_id is not None:
                self._holders.setdefault(member.customer_id, []).append(place)

    def peers(self, party: Party, place: int) -> tuple[int, ...]:
        """Places that it may be, other than ``place``; none where its account is known and is no member's."""
        if party.account_id in self._accounts:
            found = self._accounts[party.account_id]
        elif party.account_id in (None, party.customer_id) or party.account_id in self._holders:
            found = self._holders.get(party.customer_id or party.account_id or "", [])
        else:
            found = []
        return tuple(one for one in found if one != place)

    def is_itself(self, party: Party, place: int) -> bool:
        """Whether it is named by the account of ``place`` itself: cash at its own counter, a deposit into it."""
        return party.account_id == self._members[place].account_id

    def is_holder(self, party: Party) -> bool:
        """Whether it is one who holds an account of the scheme."""
        return party.customer_id in self._holders or party.account_id in self._holders
