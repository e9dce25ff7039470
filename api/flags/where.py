"""What an office may see and what it asked for, as one WHERE clause over the area index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, and_, exists, literal, or_, true

from api.auth.scope import VisibleScope
from api.flags.filters import Selection
from api.ledger.tracks import STATUS_COLUMN
from api.tables import AREAS, FLAGS, TYPOLOGIES
from api.times import epoch_ms
from contract import regions

SHOWN = FLAGS.join(AREAS, AREAS.c.flag_id == FLAGS.c.flag_id)
"""Flags beside the areas they lie in; ``matching`` pins one area, so that no flag comes twice."""


class Range(NamedTuple):
    """The part of the area index that may be read: one area, some institution types, some categories."""

    area: str
    institution_types: frozenset[str]
    categories: frozenset[str]


def asked_range(selection: Selection, visible: VisibleScope) -> Range:
    """What of the index a selection may read: visibility, and the region and categories that were asked for."""
    asked = frozenset(selection.category)
    categories = asked & visible.ever if asked else visible.categories
    within, area = selection.region, visible.area
    if within is not None and regions.covers(area, within):
        area = within
    return Range(area, visible.institution_types, categories)


def visible_flags(visible: VisibleScope, *, categories: frozenset[str]) -> ColumnElement[bool]:
    """Visibility alone: the office's area, institution types and ``categories``."""
    return _in_range(Range(visible.area, visible.institution_types, categories))


def _in_range(asked: Range) -> ColumnElement[bool]:
    return and_(
        AREAS.c.area == asked.area,
        one_of(AREAS.c.institution_type, asked.institution_types),
        one_of(AREAS.c.category, asked.categories),
    )


def one_of(column: Column[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds one of ``values``.

    Each is a parameter of its own: a list as one parameter is written out anew at every execution, which took 0.1 ms of
    a page.
    """
    return column.in_([literal(value) for value in sorted(values)])


def matching(selection: Selection, visible: VisibleScope) -> ColumnElement[bool]:
    """Visibility and every filter of ``selection``."""
    seen = _in_range(asked_range(selection, visible))
    return and_(seen, _of_the_row(selection, visible), _of_its_parts(selection, visible))


def _of_the_row(selection: Selection, visible: VisibleScope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if selection.institution_type:
        conditions.append(one_of(AREAS.c.institution_type, selection.institution_type))
    if selection.institution_code:
        conditions.append(one_of(FLAGS.c.institution_code, selection.institution_code))
    if selection.severity:
        conditions.append(one_of(FLAGS.c.severity, selection.severity))
    if selection.status is not None:
        conditions.append(FLAGS.c.status == selection.status)
    if selection.ledger_status is not None:
        conditions.append(STATUS_COLUMN[visible.track] == selection.ledger_status)
    if selection.scheme_id is not None:
        conditions.append(of_visible_scheme(selection.scheme_id, visible))
    return and_(true(), *conditions, *_of_the_order(selection))


def of_visible_scheme(scheme_id: str, visible: VisibleScope) -> ColumnElement[bool]:
    """Flags of a scheme's members, of one whose category the office may see."""
    return and_(FLAGS.c.scheme_id == scheme_id, one_of(FLAGS.c.scheme_category, visible.ever))


def _of_the_order(selection: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if selection.min_score is not None:
        conditions.append(AREAS.c.score_tenths >= selection.min_score * 10)
    if selection.since is not None:
        conditions.append(AREAS.c.updated_ms >= epoch_ms(selection.since))
    if selection.until is not None:
        conditions.append(AREAS.c.updated_ms < epoch_ms(selection.until))
    return conditions


def _of_its_parts(selection: Selection, visible: VisibleScope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    # A region inside the office's own area is the range itself, see asked_range: as a condition on each flag of the
    # city, a county with few flags took a second on PostgreSQL at 100,000.
    if selection.region is not None and not regions.covers(visible.area, selection.region):
        inner = AREAS.alias("inner_areas")
        conditions.append(exists().where(inner.c.flag_id == AREAS.c.flag_id, inner.c.area == selection.region))
    if selection.typology:
        hit = TYPOLOGIES.alias("asked_typologies")
        one_of = or_(
            *((hit.c.typology == wanted) if "@" in wanted else (hit.c.name == wanted) for wanted in sorted(selection.typology))
        )
        conditions.append(exists().where(hit.c.flag_id == AREAS.c.flag_id, one_of))
    return and_(true(), *conditions)
