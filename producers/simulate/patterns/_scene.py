"""Where a pattern is planted, and the tables of money paid in that patterns hand around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from producers.simulate.flows import Flows
from producers.simulate.people import People
from producers.simulate.town import PERSON, Town


@dataclass(frozen=True, slots=True)
class Scene:
    """The city, its people, its transfers, the pattern's own randomness, and the share of schemes that evade."""

    town: Town
    people: People
    flows: Flows
    rng: np.random.Generator
    evasive: float = 0.0

    def words(self, weights: Mapping[str, float], count: int, taste: Any) -> Any:
        """Remarks in a scheme's own mixture: ``taste`` scales each word's weight."""
        own = {word: weight * factor for (word, weight), factor in zip(weights.items(), taste, strict=True)}
        return self.flows.remarks.draw(self.rng, own, count)

    def taste(self, weights: Mapping[str, float]) -> Any:
        """How this scheme prefers each word."""
        return self.rng.lognormal(0.0, 0.5, len(weights))

    def channels(self, account: int, count: int) -> Any:
        """Persons pay by mobile and online, companies online and over the counter, as in ordinary life."""
        mobile = 0.8 if self.town.kind[account] == PERSON else 0.1
        return self.rng.choice(["mobile", "online", "counter"], count, p=[mobile, 0.9 - mobile, 0.1])

    def begins(self, latest: float) -> int:
        """A first day in the first ``latest`` (a share) of the simulated time."""
        return int(self.rng.integers(0, max(1, int(self.town.days * latest))))


@dataclass(frozen=True, slots=True)
class Deposits:
    """Money paid in: one entry a deposit, amounts in yuan, days from the first simulated day."""

    payer: Any
    day: Any
    amount: Any

    def only(self, keep: Any) -> Deposits:
        """The entries of a mask."""
        return Deposits(self.payer[keep], self.day[keep], self.amount[keep])
