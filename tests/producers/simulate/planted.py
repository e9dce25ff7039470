"""One pattern alone in a settled city where nothing else happens, for tests to look at what it does."""

from __future__ import annotations

import pickle
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from contract.movement import KINDS
from producers.simulate.flows import NOBODY, Flows
from producers.simulate.patterns import Label, patterns
from producers.simulate.patterns._scene import Scene
from producers.simulate.people import People
from producers.simulate.settle import settle
from producers.simulate.town import PERSON, Town

DAYS = 90
DAY_MS = 86_400_000


@cache
def _settled(seed: int, days: int) -> bytes:
    """A settled city, made once and copied for each planting."""
    town = Town(seed, date(2026, 1, 5), days)
    return pickle.dumps((town, settle(town, 1500)))


class Planted:
    """What one planting moved; ``account`` is the first that it labels, ``accounts`` all of them."""

    def __init__(self, name: str, seed: int, days: int = DAYS) -> None:
        self.town: Town
        self.people: People
        self.town, self.people = pickle.loads(_settled(seed, days))  # noqa: S301  our own, a moment ago
        flows = Flows(self.town.first_day)
        scene = Scene(self.town, self.people, flows, self.town.random(name, seed))
        self.labels: list[Label] = by_name(name).plant(scene, 0)
        self.label = self.labels[0] if self.labels else None
        self.transfers = flows.sorted(days, self.town.opened, self.town.closed)
        self.accounts = [one.account for one in self.labels]
        self.account = self.accounts[0] if self.accounts else -1
        self.texts = np.array(flows.remarks.texts)
        self.kind = np.array(self.town.kind)

    def where(self, mask: Any) -> dict[str, Any]:
        """Transfers of a mask."""
        return {name: column[mask] for name, column in self.transfers.items()}

    def between(self, payers: Any, payees: Any) -> dict[str, Any]:
        """Transfers from accounts to accounts."""
        return self.where(np.isin(self.transfers["payer"], payers) & np.isin(self.transfers["payee"], payees))

    def _with_others(self, mine: str, other: str) -> dict[str, Any]:
        """Transfers of the group with persons outside it."""
        t = self.transfers
        at = np.where(t[other] == NOBODY, 0, t[other])
        person = (t[other] != NOBODY) & (self.kind[at] == PERSON) & ~np.isin(t[other], self.accounts)
        return self.where(np.isin(t[mine], self.accounts) & person)

    @property
    def paid_in(self) -> dict[str, Any]:
        """What persons paid to the group."""
        return self._with_others("payee", "payer")

    @property
    def paid_out(self) -> dict[str, Any]:
        """What the group paid to persons."""
        return self._with_others("payer", "payee")

    @property
    def payers(self) -> Any:
        """Persons who paid in."""
        return np.unique(self.paid_in["payer"])

    def days(self, transfers: dict[str, Any]) -> Any:
        """Simulated day of each transfer."""
        return (transfers["ms"] + 8 * 3_600_000) // DAY_MS - self.town.first_day

    def of_kind(self, name: str) -> dict[str, Any]:
        """Transfers of the group of one kind."""
        own = np.isin(self.transfers["payer"], self.accounts) | np.isin(self.transfers["payee"], self.accounts)
        return self.where(own & (self.transfers["kind"] == KINDS.index(name)))


@cache
def planted_alone(name: str, seed: int, days: int = DAYS) -> Planted:
    """One planting, made once."""
    return Planted(name, seed, days)


def by_name(name: str) -> ModuleType:
    """The pattern of that name."""
    return next(pattern for pattern in patterns() if name == pattern.NAME)
