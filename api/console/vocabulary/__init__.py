"""Words of the console, a file a page: each has ``WORDS``, key → (Chinese, English); files are found by scanning."""

from __future__ import annotations

import importlib
import pkgutil


def gathered() -> dict[str, tuple[str, str]]:
    """The words of every file here; raises ``ValueError`` where two files give one key."""
    found: dict[str, tuple[str, str]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        words: dict[str, tuple[str, str]] = importlib.import_module(f"{__name__}.{module}").WORDS
        if twice := found.keys() & words.keys():
            raise ValueError(f"words given twice: {', '.join(sorted(twice))}")
        found |= words
    return found
