"""One bank format a file; each has ``NAME``, ``SUFFIXES`` and ``read(path, layout)``, found by scanning this package."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from contract.errors import ConfigurationError


@functools.cache
def adapters() -> dict[str, ModuleType]:
    """Adapters by name; two with one name refuse to start."""
    found: dict[str, ModuleType] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if module.NAME in found:
            raise ConfigurationError(f"two adapters are called {module.NAME}")
        found[module.NAME] = module
    return found


def adapter_for(path: Path, fmt: str | None) -> ModuleType:
    """The adapter named ``fmt``, else the one whose suffix the file has (a last ``.gz`` left out)."""
    if fmt is not None:
        if fmt not in adapters():
            raise ConfigurationError(f"unknown format '{fmt}': one of {', '.join(adapters())}")
        return adapters()[fmt]
    name = path.name.removesuffix(".gz")
    for module in adapters().values():
        if name.endswith(module.SUFFIXES):
            return module
    raise ConfigurationError(f"the format of {path.name} cannot be told from its name: give --format")
