"""How loops are compiled: the one place where numba's types end and an undocumented option of it is used."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

if os.environ.get("NUMBA_CACHE_DIR"):
    # Numba remembers a kernel by its own file alone, but kernels here are made of layouts and constants of several:
    # without their fingerprint a change of one file, or an upgrade, would go on with kernels of the old layout.
    _sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    config.CACHE_DIR = str(Path(os.environ["NUMBA_CACHE_DIR"]) / hashlib.sha256(_sources).hexdigest()[:16])  # type: ignore[attr-defined]  # set by numba itself from the environment

F = TypeVar("F", bound=Callable[..., Any])


def loop(function: F) -> F:
    """Compile what Python calls: cached on disk, without the interpreter's lock."""
    return cast("F", njit(cache=True, nogil=True)(function))


def apart(function: F) -> F:
    """Compile what loops rarely need: called, not copied into each of them, which would take minutes to compile.

    Hand over the arrays that it uses, not a whole memory: a call copies seven words of each.
    """
    return cast("F", njit(cache=True, nogil=True, _nrt=False)(function))  # type: ignore[call-overload]


def inner(function: F) -> F:
    """Compile what loops call into them, without counting references to the arrays it is handed: it must not make any.

    A shard's memory is eleven arrays and a batch two dozen: handed over at a call they are some hundred words to copy
    and an atomic operation each, which cost more than what most of these functions do.
    """
    return cast("F", njit(cache=True, nogil=True, _nrt=False, forceinline=True)(function))  # type: ignore[call-overload]
