"""Where a page begins: beyond a place in the list's order, as one bound of the index that holds the order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, tuple_


def beyond(columns: Sequence[ColumnElement[Any]], place: Sequence[Any], *, falls: bool) -> ColumnElement[bool]:
    """Rows that come after ``place`` in an order by these columns, which all fall or all rise.

    Compared as one value, so the index is entered at the place itself. "Less, or as much and a lesser id" is entered at the
    first row of as much: three hundred thousand flags without a score have one and the same.
    """
    here, there = tuple_(*columns), tuple_(*place)
    return here < there if falls else here > there
