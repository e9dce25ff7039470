"""Arrays whose address space is reserved and whose memory comes only when it is touched: they grow without a copy."""

from __future__ import annotations

import mmap
from contextlib import suppress
from typing import Any, Final

import numpy as np

_NO_RESERVE: Final = 0x4000
"""Linux's MAP_NORESERVE, which Python's module does not name: no promise of memory that may never be touched."""

_SMALL: Final = 16 << 20
"""Bytes of a pool that come in small pages, so that a small shard takes what it uses.

What lies beyond comes in pages of 2 MiB: 512 times fewer to look up for each movement, and to note down when a checkpoint
takes a copy of the memory.
"""


def reserved(count: int, least: int, dtype: Any) -> Any:
    """A zeroed array of ``count`` records, or of ``least`` where the system does not lend that much address space.

    On Linux an untouched page costs nothing, so a pool can be as long as it may ever become: copying 16 million pairs
    to a longer array takes two seconds, in which nothing is judged.
    """
    size = count * np.dtype(dtype).itemsize
    try:
        region = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NO_RESERVE)
    except (AttributeError, OSError, ValueError, OverflowError):
        return np.zeros(least, dtype)
    if size > _SMALL and hasattr(mmap, "MADV_HUGEPAGE"):
        # A wish only: a kernel without large pages refuses it.
        with suppress(OSError):
            region.madvise(mmap.MADV_HUGEPAGE, _SMALL)
    return np.frombuffer(region, dtype, count)
