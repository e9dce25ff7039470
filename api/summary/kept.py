"""Summaries from the counts that the writer keeps; what they cannot tell is counted from the flags."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from api.auth.scope import VisibleScope
from api.flags.filters import Selection
from api.ledger import counting
from api.tables import COUNTS
from contract import regions

_MOST_AREAS: Final = 400
_KEPT: Final = {"category", "institution_type", "region"}
"""Filters that counts are kept by."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts by every dimension that the summary shows."""

    by_category: dict[str, int]
    by_institution_type: dict[str, int]
    by_dimension: dict[str, dict[str, int]]


def answers(selection: Selection, visible: VisibleScope) -> bool:
    """Whether kept counts answer this selection: no filter but those that they are kept by.

    A region counts only inside the office's own area: what lies in both of two areas is kept by none.
    """
    asked = {name for name in type(selection).model_fields if name in Selection.model_fields and getattr(selection, name)}
    # Of no weight as a filter: 0 keeps every score but the missing ones, which is a filter.
    if selection.min_score is not None:
        return False
    if not asked <= _KEPT:
        return False
    return selection.region is None or selection.region == visible.area or regions.covers(visible.area, selection.region)


def counts(connection: Connection, selection: Selection, *, visible: VisibleScope) -> Kept:
    """Counts of what matches, from one range of the counts a dimension."""
    statement = _of(selection, visible, area=selection.region or visible.area)
    shown = (counting.TOTAL, counting.SEVERITY, counting.STATUS, counting.INSTITUTION, counting.TYPOLOGY, counting.DAY)
    by_dimension: dict[str, Counter[str]] = {name: Counter() for name in shown}
    by_category: Counter[str] = Counter()
    by_type: Counter[str] = Counter()
    for row in connection.execute(statement.where(COUNTS.c.dimension.in_(shown))):
        by_dimension[row.dimension][row.value] += row.n
        if row.dimension == counting.TOTAL:
            by_category[row.category] += row.n
            by_type[row.institution_type] += row.n
    return Kept(_sorted(by_category), _sorted(by_type), {name: _sorted(found) for name, found in by_dimension.items()})


def by_region(connection: Connection, selection: Selection, *, visible: VisibleScope) -> dict[str, int]:
    """Counts of the office's area and every area below it; a flag that lies there lies in the office's area as well."""
    statement = select(COUNTS.c.area, func.sum(COUNTS.c.n)).where(COUNTS.c.dimension == counting.TOTAL)
    areas = regions.all_within(visible.area) | {visible.area}
    if len(areas) <= _MOST_AREAS:
        statement = statement.where(COUNTS.c.area.in_(sorted(areas)))
    statement = statement.where(*_seen(selection, visible)).group_by(COUNTS.c.area).order_by(COUNTS.c.area)
    return {row[0]: int(row[1]) for row in connection.execute(statement) if row[1] > 0 and row[0] in areas}


def by_category(connection: Connection, selection: Selection, *, visible: VisibleScope) -> dict[str, int]:
    """How many of each category."""
    statement = _of(selection, visible, area=selection.region or visible.area)
    found: Counter[str] = Counter()
    for row in connection.execute(statement.where(COUNTS.c.dimension == counting.TOTAL)):
        found[row.category] += row.n
    return dict(found)


def _of(selection: Selection, visible: VisibleScope, *, area: str) -> Select[Any]:
    return select(COUNTS).where(COUNTS.c.area == area, COUNTS.c.n > 0, *_seen(selection, visible))


def _seen(selection: Selection, visible: VisibleScope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    asked = frozenset[str](selection.category)
    categories = asked & visible.ever if asked else visible.categories
    types = visible.institution_types & frozenset(selection.institution_type or visible.institution_types)
    return COUNTS.c.category.in_(sorted(categories)), COUNTS.c.institution_type.in_(sorted(types))


def _sorted(found: Counter[str]) -> dict[str, int]:
    return dict(sorted(found.items()))
