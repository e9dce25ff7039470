"""The statutory lines for money and persons (法释 2022 arts 3–5): law, not configuration."""

from __future__ import annotations

from typing import Any, Final

LEGAL_MONEY_MINOR: Final = (100_000_000, 500_000_000, 5_000_000_000)
LEGAL_PERSONS: Final = (150, 500, 5_000)
"""Absorbed ≥ 1 m, 5 m, 50 m yuan or 150, 500, 5,000 persons."""


def at_legal_scale(money_minor: Any, persons: Any) -> Any:
    """Whether what was absorbed in full, or from how many, reaches the first line; scalars or arrays.

    >>> at_legal_scale(99_999_999, 149), at_legal_scale(100_000_000, 1), at_legal_scale(0, 150)
    (False, True, True)
    """
    return (money_minor >= LEGAL_MONEY_MINOR[0]) | (persons >= LEGAL_PERSONS[0])
