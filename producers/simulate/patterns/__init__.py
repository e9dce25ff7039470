"""One look-alike or scheme a file, found by scanning: ``NAME``, ``SORT`` and ``plant(scene, number)``."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import Final

SCHEME: Final = "scheme"
"""Raises money from the public: should be flagged ``illegal_fundraising``."""

CONDUCT: Final = "conduct"
"""Suspicious and no fund-raising: structuring, and what securities firms and insurers report. Should be ``suspicious``."""

LOOK_ALIKE: Final = "look_alike"
"""Must not be flagged ``illegal_fundraising``."""


@dataclass(frozen=True, slots=True)
class Label:
    """An account that should be flagged (1) or that must not be (0), and when it was active, in simulated days."""

    account: int
    label: int
    scheme_id: str
    pattern: str
    active_from: int
    active_to: int


def patterns(sort: str | None = None) -> list[ModuleType]:
    """All patterns, or those of one sort, in name order.

    >>> [pattern.NAME for pattern in patterns("scheme")][:3]
    ['I13', 'I14', 'P01']
    """
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}") for name in names if not name.startswith("_")]
    return [pattern for pattern in found if sort is None or sort == pattern.SORT]
