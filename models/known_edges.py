"""Which edges were seen before: fingerprints in buckets, newest first; a bucket that is full forgets the edge unused longest."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from models.kernels import inner

WAYS: Final = 8
LEAST_BUCKETS: Final = 1 << 7


@inner
def _fingerprint(h: Any) -> Any:
    """The upper half of a mixed key; 0 stands for an empty place."""
    return max(np.uint32(h >> np.uint64(32)), np.uint32(1))


@inner
def is_known(edges: Any, h: Any) -> Any:
    """Whether the edge with mixed key ``h`` is remembered; where the table is full, one stranger in 2,000 seems so."""
    f = _fingerprint(h)
    bucket = f & np.uint32(len(edges) - 1)
    found = False
    for k in range(WAYS):
        found |= edges[bucket, k] == f
    return found


@inner
def note(edges: Any, h: Any) -> Any:
    """Put an edge first in its bucket; whether that took a place that was free."""
    f = _fingerprint(h)
    bucket = f & np.uint32(len(edges) - 1)
    carried = f
    for k in range(WAYS):
        carried, edges[bucket, k] = edges[bucket, k], carried
        if carried == f or carried == 0:
            return carried == 0
    return False


def doubled(edges: Any) -> Any:
    """The same edges in twice the buckets, in each the newest still first."""
    parts = []
    for goes in (edges & np.uint32(len(edges)) == 0, edges & np.uint32(len(edges)) != 0):
        stays = goes & (edges != 0)
        order = np.argsort(~stays, axis=1, kind="stable")
        parts.append(np.take_along_axis(np.where(stays, edges, np.uint32(0)), order, axis=1))
    return np.concatenate(parts)
