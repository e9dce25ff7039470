"""Ids as 64-bit keys: whole numbers of a model's matrix as keys, and a key spread over all its bits."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit

_MOST: Final = 2.0**53
"""Whole numbers up to here are exact in float64."""


@njit(cache=True, nogil=True)
def mixed(x: Any) -> Any:
    """Spread a 64-bit key over all bits (the finaliser of splitmix64)."""
    z = np.uint64(x)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True)
def mixed_many(keys: Any) -> Any:
    """``mixed`` of each key."""
    found = np.empty(len(keys), np.uint64)
    for k in range(len(keys)):
        found[k] = mixed(keys[k])
    return found


def keys_of(X: Any, columns: int) -> Any:
    """Columns of ``X`` as keys (uint64), the fraction dropped; what is missing or beyond 2⁵³ is 0, which is unknown.

    Raises ``ValueError`` where ``X`` has not so many columns.
    """
    values = np.asarray(X, np.float64)
    if values.ndim != 2 or values.shape[1] != columns:
        raise ValueError(f"X must have {columns} columns")
    known = np.abs(values) < _MOST
    return np.where(known, values, 0.0).astype(np.int64).astype(np.uint64).T.copy()
