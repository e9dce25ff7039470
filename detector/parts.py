"""The state of many pieces in one flat mapping: each piece's parts under its name."""

from __future__ import annotations

from typing import Any


def under(name: str, parts: dict[str, Any]) -> dict[str, Any]:
    """Parts with a piece's name before theirs.

    >>> under("drift", {"n": 1})
    {'drift.n': 1}
    """
    return {f"{name}.{key}": value for key, value in parts.items()}


def part(name: str, parts: dict[str, Any]) -> dict[str, Any]:
    """What was put under a name, by its own keys.

    >>> part("drift", {"drift.n": 1, "drifts": 2})
    {'n': 1}
    """
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in parts.items() if key.startswith(prefix)}


def taken(name: str, parts: dict[str, Any]) -> dict[str, Any]:
    """As ``part``, and no longer in ``parts``: what is large need not be held twice.

    >>> taken("drift", both := {"drift.n": 1, "drifts": 2}), both
    ({'n': 1}, {'drifts': 2})
    """
    prefix = f"{name}."
    return {key.removeprefix(prefix): parts.pop(key) for key in [*parts] if key.startswith(prefix)}
