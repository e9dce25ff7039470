"""One simulated city from a seed: settled, alive, with look-alikes and schemes planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any, Final

from contract.errors import ConfigurationError
from producers.simulate.flows import Flows
from producers.simulate.life import live
from producers.simulate.patterns import Label, patterns
from producers.simulate.patterns._scheme import Scene
from producers.simulate.people import settle
from producers.simulate.town import Town

DEFAULT_START: Final = date(2026, 1, 5)
LEAST_DAYS: Final = 20
MOST_DAYS: Final = 3660
LEAST_ACCOUNTS: Final = 300
ACCOUNTS_A_SCHEME: Final = 20
LOOK_ALIKES_A_SCHEME: Final = 0.5


@dataclass(frozen=True, slots=True)
class Settings:
    """Size and seed of a city; the same settings give the same bytes. Raises ``ConfigurationError`` out of range."""

    days: int = 60
    accounts: int = 5000
    schemes: int = 6
    seed: int = 1
    start: date = DEFAULT_START

    def __post_init__(self) -> None:
        if not LEAST_DAYS <= self.days <= MOST_DAYS:
            raise ConfigurationError(f"--days must lie between {LEAST_DAYS} (schemes need time to be seen) and {MOST_DAYS}")
        if self.accounts < LEAST_ACCOUNTS:
            raise ConfigurationError(f"--accounts must be at least {LEAST_ACCOUNTS}")
        if not 0 <= self.schemes <= self.accounts // ACCOUNTS_A_SCHEME:
            raise ConfigurationError("--schemes must lie between 0 and a twentieth of --accounts")
        if self.seed < 0:
            raise ConfigurationError("--seed must not be negative")
        if not 2000 <= self.start.year <= 2100:
            raise ConfigurationError("--start must lie between the years 2000 and 2100")


@dataclass(frozen=True, slots=True)
class City:
    """The finished city: accounts, all transfers in order of time, and what every labelled account is."""

    town: Town
    flows: Flows
    transfers: dict[str, Any]
    labels: list[Label]


def build(settings: Settings) -> City:
    """Build the city; about half a million transfers (a million movements) take some seconds."""
    town = Town(settings.seed, settings.start, settings.days)
    people = settle(town, settings.accounts)
    flows = Flows(town.first_day)
    live(town, people, flows)
    known = patterns()
    schemes = [pattern for pattern in known if pattern.SCHEME]
    alike = [pattern for pattern in known if not pattern.SCHEME]
    labels: list[Label] = []
    for pattern, number in _turns(schemes, settings.schemes) + _turns(alike, _look_alikes(settings, len(alike))):
        scene = Scene(town, people, flows, town.random(f"pattern.{pattern.NAME}", number))
        labels += pattern.plant(scene, number)
    return City(town, flows, flows.sorted(settings.days, town.opened), labels)


def _look_alikes(settings: Settings, kinds: int) -> int:
    return max(kinds, round(settings.schemes * LOOK_ALIKES_A_SCHEME))


def _turns(known: list[ModuleType], count: int) -> list[tuple[ModuleType, int]]:
    """``count`` plantings shared between patterns, each with its number among those of its pattern."""
    return [(known[turn % len(known)], turn // len(known)) for turn in range(count)]
