"""One simulated city from a seed: settled, alive, with look-alikes and schemes planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any, Final

import numpy as np

from contract.errors import ConfigurationError
from contract.shanghai import date_of
from producers.simulate.background.dress import dressed
from producers.simulate.background.shape import Shape
from producers.simulate.flows import NOBODY, Flows, yuan
from producers.simulate.life import live
from producers.simulate.patterns import CONDUCT, LOOK_ALIKE, SCHEME, Label, patterns
from producers.simulate.patterns._scene import Scene
from producers.simulate.people import People
from producers.simulate.settle import settle
from producers.simulate.town import Town

DEFAULT_START: Final = date(2026, 1, 5)
LEAST_DAYS: Final = 20
MOST_DAYS: Final = 3660
LEAST_ACCOUNTS: Final = 300
ACCOUNTS_A_SCHEME: Final = 20
LOOK_ALIKES_A_SCHEME: Final = 0.5
CONDUCT_A_SCHEME: Final = 0.3
ACCOUNTS_A_LOOK_ALIKE: Final = 150


@dataclass(frozen=True, slots=True)
class Settings:
    """Size and seed of a city; the same settings give the same bytes. Raises ``ConfigurationError`` out of range."""

    days: int = 60
    accounts: int = 5000
    schemes: int = 6
    seed: int = 1
    start: date = DEFAULT_START
    evasive: float = 0.4

    def __post_init__(self) -> None:
        if not LEAST_DAYS <= self.days <= MOST_DAYS:
            raise ConfigurationError(f"--days must lie between {LEAST_DAYS} (schemes need time to be seen) and {MOST_DAYS}")
        if self.accounts < LEAST_ACCOUNTS:
            raise ConfigurationError(f"--accounts must be at least {LEAST_ACCOUNTS}")
        if not 0 <= self.schemes <= self.accounts // ACCOUNTS_A_SCHEME:
            raise ConfigurationError("--schemes must lie between 0 and a twentieth of --accounts")
        if self.seed < 0:
            raise ConfigurationError("--seed must not be negative")
        if not 0.0 <= self.evasive <= 1.0:
            raise ConfigurationError("--evasive must lie between 0 and 1")
        if not 2000 <= self.start.year <= 2100:
            raise ConfigurationError("--start must lie between the years 2000 and 2100")


def for_background(shape: Shape, *, schemes: int, seed: int, evasive: float) -> Settings:
    """Settings whose days and accounts are those of a third party's set."""
    return Settings(shape.days, shape.accounts, schemes, seed, date_of(shape.first_day), evasive)


@dataclass(frozen=True, slots=True)
class City:
    """The finished city: accounts, all transfers in order of time, and what every labelled account is."""

    town: Town
    people: People
    flows: Flows
    transfers: dict[str, Any]
    labels: list[Label]


def build(settings: Settings, background: Shape | None = None) -> City:
    """Build the city; about half a million transfers (a million movements) take some seconds.

    With a ``background`` its transfers take the place of our own ordinary life; ``for_background`` gives fitting settings.
    """
    town = Town(settings.seed, settings.start, settings.days)
    flows = Flows(town.first_day)
    if background is None:
        people = settle(town, settings.accounts)
        live(town, people, flows)
    else:
        people = dressed(town, background, flows)
    labels = _planted(settings, town, people, flows)
    _close(town, flows)
    return City(town, people, flows, flows.sorted(settings.days, town.opened, town.closed), labels)


def _planted(settings: Settings, town: Town, people: People, flows: Flows) -> list[Label]:
    """Schemes shared between their patterns, and beside them conduct and look-alikes."""
    labels: list[Label] = []
    for sort, count in _counts(settings).items():
        for pattern, number in _turns(patterns(sort), count, settings.seed):
            evasive = settings.evasive if sort == SCHEME else 0.0
            scene = Scene(town, people, flows, town.random(f"pattern.{pattern.NAME}", number), evasive)
            labels += pattern.plant(scene, number)
    return labels


def _counts(settings: Settings) -> dict[str, int]:
    """How many of each sort; look-alikes live in cities without schemes too, as many as the city can bear."""
    alike = max(round(settings.schemes * LOOK_ALIKES_A_SCHEME), settings.accounts // ACCOUNTS_A_LOOK_ALIKE)
    conduct = min(round(settings.schemes * CONDUCT_A_SCHEME), settings.accounts // ACCOUNTS_A_LOOK_ALIKE)
    return {LOOK_ALIKE: alike, CONDUCT: conduct, SCHEME: settings.schemes}


def _turns(known: list[ModuleType], count: int, seed: int) -> list[tuple[ModuleType, int]]:
    """``count`` plantings shared between patterns, each with its number among those of its pattern.

    Which patterns come first depends on the seed, so that few plantings of many seeds see all of them.
    """
    order = np.random.default_rng([seed, len(known)]).permutation(len(known))
    return [(known[int(order[turn % len(known)])], turn // len(known)) for turn in range(count)]


def _close(town: Town, flows: Flows) -> None:
    """What is left on an account is paid out on the day that it is closed."""
    closed = np.array(town.closed)
    accounts = np.flatnonzero(closed < town.first_day + town.days)
    drawn = town.random("closing").random((len(accounts), 2))  # a row an account: one more does not shift the others'
    flows.add(
        day=closed[accounts] - town.first_day, ms_of_day=61_200_000 + (drawn[:, 0] * 3_600_000).astype(np.int64), payer=accounts,
        payee=NOBODY, amount=yuan(1 + 400 * drawn[:, 1] ** 3), kind="cash", channel="counter",
        remark=flows.remarks.code("销户"),
    )  # fmt: skip
