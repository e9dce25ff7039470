"""The most frequent of some sums: what is sold oftenest, or paid to most."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.jit import loop


@loop
def most_frequent(values: Any, usual: Any, least: Any) -> Any:
    """Fill ``usual`` with the most frequent of the sorted values, those that stand ``least`` times and more, of equals the
    smaller first; how many there are, ``len(usual)`` at most.
    """
    often = np.zeros(len(usual), np.int64)
    found, k = 0, 0
    while k < len(values):
        stop = np.searchsorted(values, values[k], "right")
        count, at = stop - k, found
        while at > 0 and often[at - 1] < count:
            at -= 1
        if count >= least and at < len(usual):
            found = min(found + 1, len(usual))
            for later in range(found - 1, at, -1):
                often[later], usual[later] = often[later - 1], usual[later - 1]
            often[at], usual[at] = count, values[k]
        k = stop
    return found
