"""How what the models' loops call is compiled: the one place among the models where an undocumented option is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def inner(function: F) -> F:
    """Compile what loops call, into each of them, without counting references to the arrays that it is handed.

    It must not make any array. Counting is atomic, for every array at every call: half of the time of a loop that looks
    holders up in tables.
    """
    return cast("F", njit(cache=True, nogil=True, _nrt=False, forceinline=True)(function))  # type: ignore[call-overload]
