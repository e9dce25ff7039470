"""From links to what they join, to who is linked, and to how many different ones are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np


def joined(links: Iterable[list[int]], count: int) -> list[set[int]]:
    """Sets of numbers below ``count`` that links join, in order of their least."""
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    members = set[int]()
    for first, *others in links:
        members.update((first, *others))
        for other in others:
            a, b = root(first), root(other)
            parent[max(a, b)] = min(a, b)
    joined: dict[int, set[int]] = defaultdict(set)
    for one in sorted(members):
        joined[root(one)].add(one)
    return [joined[one] for one in sorted(joined)]


def distinct(place: Any, key: Any, count: int) -> Any:
    """How many different keys (numbers from 0 on) stand beside each of ``count`` places."""
    wide = int(key.max(initial=0)) + 1
    return np.bincount(np.unique(place * wide + key) // wide, minlength=count)


def matrix_of(row: Any, column: Any, accounts: Any) -> Any:
    """Of pairs ``row`` and ``column`` those among ``accounts`` (in order), as a matrix over these."""
    found = np.zeros((len(accounts), len(accounts)), np.bool_)
    if len(accounts):
        a = np.minimum(np.searchsorted(accounts, row), len(accounts) - 1)
        b = np.minimum(np.searchsorted(accounts, column), len(accounts) - 1)
        here = (accounts[a] == row) & (accounts[b] == column)
        found[a[here], b[here]] = True
    return found
