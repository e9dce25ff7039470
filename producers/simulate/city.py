"""One simulated city from a seed: settled, alive, with look-alikes and schemes planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from contract.errors import ConfigurationError
from producers.simulate.flows import Flows
from producers.simulate.ordinary_life import live
from producers.simulate.patterns import Label, patterns
from producers.simulate.town import Town, settle

DEFAULT_START: Final = date(2026, 1, 5)
LEAST_ACCOUNTS: Final = 300
LOOK_ALIKES_A_SCHEME: Final = 0.5


@dataclass(frozen=True, slots=True)
class Settings:
    """Size and seed of a city; the same settings give the same bytes."""

    days: int = 60
    accounts: int = 5000
    schemes: int = 6
    seed: int = 1
    start: date = DEFAULT_START

    def __post_init__(self) -> None:
        if self.days < 20:
            raise ConfigurationError("--days must be at least 20: schemes need time to be seen")
        if self.accounts < LEAST_ACCOUNTS:
            raise ConfigurationError(f"--accounts must be at least {LEAST_ACCOUNTS}")
        if self.schemes < 0 or self.schemes > self.accounts // 20:
            raise ConfigurationError("--schemes must lie between 0 and a twentieth of --accounts")


@dataclass(frozen=True, slots=True)
class City:
    """The finished city: accounts, all transfers in order of time, labels, and every label's pattern."""

    town: Town
    flows: Flows
    transfers: dict[str, Any]
    labels: list[Label]


def simulate(settings: Settings) -> City:
    """Build the city; about a million transfers in some seconds."""
    seeds = np.random.SeedSequence(settings.seed).spawn(64)
    town = Town(settings.seed, settings.start, settings.days)
    people = settle(town, np.random.default_rng(seeds[0]), settings.accounts)
    flows = Flows(town.first_day)
    live(town, people, flows, np.random.default_rng(seeds[1]))
    labels: list[Label] = []
    known = patterns()
    schemes = [p for p in known if p.SCHEME]
    look_alikes = [p for p in known if not p.SCHEME]
    alike = max(len(look_alikes), round(settings.schemes * LOOK_ALIKES_A_SCHEME)) if look_alikes else 0
    for group, count, seed in ((schemes, settings.schemes, seeds[2]), (look_alikes, alike, seeds[3])):
        for number, own in enumerate(seed.spawn(count)):
            pattern = group[number % len(group)]
            labels += pattern.plant(town, people, flows, np.random.default_rng(own), number)
    return City(town, flows, flows.sorted(settings.days), labels)
