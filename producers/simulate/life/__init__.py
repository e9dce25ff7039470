"""Ordinary life, a part of it a file: each has ``live(town, people, flows, rng)`` and draws from its own randomness."""

from __future__ import annotations

import importlib
import pkgutil

from producers.simulate.flows import Flows
from producers.simulate.people import People
from producers.simulate.town import Town


def live(town: Town, people: People, flows: Flows) -> None:
    """All of ordinary life for the simulated days."""
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{name}").live(town, people, flows, town.random(f"life.{name}"))
