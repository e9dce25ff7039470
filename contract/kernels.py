"""How loops over columns are compiled: the one place where an undocumented option and two inner names of Numba are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_NO_WAY_IN: Final = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Unpacking a memory that Python hands over takes five times as long to compile as most functions that are handed one."""


def loop(function: F) -> F:
    """Compile what Python calls: cached on disk, without the interpreter's lock."""
    return cast("F", njit(cache=True, nogil=True, _nrt=True, no_cfunc_wrapper=True)(function))  # type: ignore[call-overload]


def inner(function: F) -> F:
    """Compile what loops call into them, without counting references to the arrays it is handed: it must not make any.

    A function that counts does so atomically for every array at every call, the eleven arrays and four indexes of a shard's
    memory and the two dozen columns of a batch among them: that took more time than most of these functions do, 6 % of a
    whole replay. Python cannot call it.
    """
    return cast("F", _for_loops_alone(njit(cache=True, nogil=True, _nrt=False, forceinline=True, **_NO_WAY_IN)(function)))  # type: ignore[call-overload]


def apart(function: F) -> F:
    """Compile what loops rarely need: called, not copied into each of them, which would take minutes to compile.

    Hand over the arrays that it uses, not a whole memory: a call copies seven words of each. Python cannot call it.
    """
    return cast("F", _for_loops_alone(njit(cache=True, nogil=True, _nrt=False, **_NO_WAY_IN)(function)))  # type: ignore[call-overload]


def _for_loops_alone(dispatcher: Any) -> Any:
    """The same, refusing a call from Python: numba would jump to where nothing was compiled."""

    def refuse(*_arguments: object, **_named: object) -> NoReturn:
        raise TypeError(f"{dispatcher.py_func.__name__} is called by loops alone: write a loop that calls it")

    # What Python's calls are looked up in stays empty, so that each of them asks to be compiled, and is refused.
    vars(dispatcher)["_insert"] = lambda *_arguments, **_named: None
    vars(dispatcher)["_compile_for_args"] = refuse
    return dispatcher
