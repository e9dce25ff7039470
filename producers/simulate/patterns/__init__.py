"""One look-alike or scheme a file, found by scanning: ``NAME``, ``SCHEME`` and ``plant(scene, number)``."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Label:
    """An account that should be flagged (1) or that must not be (0), and when it was active, in simulated days."""

    account: int
    label: int
    scheme_id: str
    pattern: str
    active_from: int
    active_to: int


def patterns() -> list[ModuleType]:
    """All patterns in name order.

    >>> [pattern.NAME for pattern in patterns() if pattern.SCHEME]
    ['P02', 'P07', 'P09']
    """
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names if not name.startswith("_")]
