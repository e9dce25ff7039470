"""The two sides of each transfer as the institutions that hold them see it: who the other is, and what is known of him."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from producers.simulate.city import City
from producers.simulate.flows import NOBODY
from producers.simulate.institutions import ELSEWHERE, INSTITUTIONS
from producers.simulate.town import FINANCIAL

AGES_KNOWN: Final = 0.85
"""Share of an institution's own customers whose age its systems know."""

KINDS_KNOWN_ELSEWHERE: Final = 0.5
"""Share of other institutions' accounts whose kind of holder the clearing tells."""


class Sides:
    """One entry a movement: transfers between two accounts have two, those with nobody's account on a side one.

    ``transfer`` is the transfer's place, ``account`` the side that reports, ``other`` the other one (0 where it is nobody).
    """

    def __init__(self, city: City) -> None:
        self._town = city.town
        t = city.transfers
        count = len(t["ms"])
        account = np.stack([t["payer"], t["payee"]], axis=1).reshape(-1)
        other = np.stack([t["payee"], t["payer"]], axis=1).reshape(-1)
        at = np.array(city.town.institution)
        held = (account != NOBODY) & (at[account] != ELSEWHERE)
        self.transfer = np.repeat(np.arange(count), 2)[held]
        self.credit = np.tile(np.array([False, True]), count)[held]
        self.account = account[held]
        self.somebody = other[held] != NOBODY
        self.other = np.where(self.somebody, other[held], 0)
        self.abroad = self.somebody & (np.array(city.town.country) != "")[self.other]
        self.institution = at[self.account]
        self.on_us = self.somebody & (at[self.other] == self.institution)

    def has(self, name: str) -> Any:
        """A property of the reporting institution."""
        return np.array([getattr(one, name) for one in INSTITUTIONS])[self.institution]

    def _some(self, what: str, share: float) -> Any:
        """Whether something is known of the other side: drawn an account, so that it is always or never known of one."""
        return (self._town.random(f"known.{what}").random(len(self._town)) < share)[self.other]

    def other_kind(self) -> Any:
        """Kind of the other side, 0 unknown: payment and financial institutions always, as the clearing names them."""
        kind = np.array(self._town.kind, np.int8)[self.other]
        told = self.has("knows_kind") & (self.on_us | self._some("kind", KINDS_KNOWN_ELSEWHERE))
        return np.where(self.somebody & ((kind >= FINANCIAL) | told), kind, 0)

    def own_name(self) -> Any:
        """1 both sides are one holder, 2 they are not, 0 not compared (other institutions' customers)."""
        holders = np.array(self._town.customer)
        same = self.somebody & (holders[self.other] == holders[self.account])
        return np.where(self.on_us | same, np.where(same, 1, 2), 0).astype(np.int8)

    def knows_age(self) -> Any:
        """Whether the institution's systems know the other's year of birth: most of its own customers, if ages at all."""
        years = np.array(self._town.birth_year)[self.other]
        return self.on_us & self.has("knows_ages") & (years > 0) & self._some("age", AGES_KNOWN)
