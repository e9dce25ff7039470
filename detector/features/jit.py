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
    """Compile what loops call into them, without counting references to the arrays it is handed: it must not make any.

    A shard's memory is eleven arrays and a batch two dozen: handed over at a call they are some hundred words to copy
    and an atomic operation each, which cost more than what most of these functions do.
    """
    return cast("F", njit(cache=True, nogil=True, _nrt=False, forceinline=True)(function))  # type: ignore[call-overload]
