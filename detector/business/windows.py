"""Arithmetic over entries in groups: sums, most a day, runs of working days, who is among whom; columns only."""

from __future__ import annotations

from typing import Any

import numpy as np

from contract.working_days import WorkingDays
from detector.features.tables import mix_columns


def keys_of(*columns: Any) -> Any:
    """One 64-bit key a row over all columns."""
    key = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        # Plus one: a zero would not be folded, and (0, x) must not be (x, 0).
        mix_columns(key, np.ascontiguousarray(column).astype(np.uint64) + np.uint64(1))
    return key


def ids_of(*columns: Any) -> tuple[Any, Any]:
    """Number of each row's group (equal in all columns), and where each group's first row stands."""
    _, first, number = np.unique(keys_of(*columns), return_index=True, return_inverse=True)
    return number, first


def sums(group: Any, count: int, values: Any = None) -> Any:
    """Sum of ``values`` (or number of rows) a group, int64, exact."""
    if values is None:
        return np.bincount(group, minlength=count).astype(np.int64)
    total = np.zeros(count, np.int64)
    np.add.at(total, group, values)
    return total


def most(group: Any, count: int, values: Any) -> Any:
    """Largest of ``values`` a group, int64, 0 where there is none (values are not negative)."""
    top = np.zeros(count, np.int64)
    np.maximum.at(top, group, values)
    return top


def most_on_a_day(group: Any, count: int, day: Any) -> Any:
    """Most rows that a group has on one day."""
    number, first = ids_of(group, day)
    return most(group[first], count, np.bincount(number, minlength=len(first))) if len(first) else np.zeros(count, np.int64)


def longest_run(group: Any, count: int, day: Any, calendar: WorkingDays) -> Any:
    """Longest run of working days in a row on which a group has a row; days off neither make it longer nor break it."""
    if not len(day):
        return np.zeros(count, np.int64)
    first, last = int(day.min()), int(day.max())
    works = np.array([calendar.works(d) for d in range(first, last + 1)])
    rank, at = np.cumsum(works), day - first
    working = works[at]
    places = np.unique(group[working].astype(np.int64) << 20 | rank[at[working]])
    if not len(places):
        return np.zeros(count, np.int64)
    starts = np.flatnonzero(np.append(True, np.diff(places) != 1))
    return most(places[starts] >> 20, count, np.diff(np.append(starts, len(places))))


def among(rows: tuple[Any, ...], others: tuple[Any, ...]) -> Any:
    """Whether each row, by all its columns, is one of the others."""
    if not len(others[0]):
        return np.zeros(len(rows[0]), np.bool_)
    return np.isin(keys_of(*rows), keys_of(*others))
