"""Online models, a file each, with River's interface; every file with ``build(seed)`` is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

from models.base import OnlineModel
from models.half_space_trees import HalfSpaceTrees

__all__ = ["HalfSpaceTrees", "OnlineModel", "builders"]


def builders() -> Iterator[tuple[str, Callable[[int], OnlineModel]]]:
    """Name and builder of every model in the package, in name order."""
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        build = getattr(importlib.import_module(f"models.{module}"), "build", None)
        if build is not None:
            yield module, build
