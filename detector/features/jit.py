"""How loops are compiled: the one place where numba's types end and an undocumented option of it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def loop(function: F) -> F:
    """Compile what Python calls: cached on disk, without the interpreter's lock."""
    return cast("F", njit(cache=True, nogil=True)(function))


def inner(function: F) -> F:
    """Compile what loops call, without counting references to the arrays it is handed: it must not make or keep any.

    Counting is an atomic operation an array and a call, and a shard's memory alone is ten arrays.
    """
    return cast("F", njit(cache=True, nogil=True, _nrt=False)(function))  # type: ignore[call-overload]
