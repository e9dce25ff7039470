"""What an office may see and what it asked for, as one WHERE clause over the area index."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, true

from api.auth.scope import VisibleScope
from api.flags.filters import Selection
from api.ledger.tracks import STATUS_COLUMN
from api.tables import AREAS, FLAGS, TYPOLOGIES
from api.times import epoch_ms
from contract import regions

SHOWN = FLAGS.join(AREAS, AREAS.c.flag_id == FLAGS.c.flag_id)
"""Flags beside the areas they lie in; ``matching`` pins one area, so that no flag comes twice."""


def visible_flags(visible: VisibleScope, *, categories: frozenset[str], within: str | None = None) -> ColumnElement[bool]:
    """Visibility alone: the office's area, or one ``within`` it, institution types and ``categories``."""
    area = within if within is not None and regions.covers(visible.area, within) else visible.area
    return and_(
        AREAS.c.area == area,
        AREAS.c.institution_type.in_(sorted(visible.institution_types)),
        AREAS.c.category.in_(sorted(categories)),
    )


def matching(selection: Selection, visible: VisibleScope) -> ColumnElement[bool]:
    """Visibility and every filter of ``selection``."""
    asked = frozenset(selection.category)
    categories = asked & visible.ever if asked else visible.categories
    row = _of_the_row(selection, visible)
    seen = visible_flags(visible, categories=categories, within=selection.region)
    return and_(seen, row, _of_its_parts(selection, visible))


def _of_the_row(selection: Selection, visible: VisibleScope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if selection.institution_type:
        conditions.append(AREAS.c.institution_type.in_(sorted(selection.institution_type)))
    if selection.institution_code:
        conditions.append(FLAGS.c.institution_code.in_(sorted(selection.institution_code)))
    if selection.severity:
        conditions.append(FLAGS.c.severity.in_(sorted(selection.severity)))
    if selection.status is not None:
        conditions.append(FLAGS.c.status == selection.status)
    if selection.ledger_status is not None:
        conditions.append(STATUS_COLUMN[visible.track] == selection.ledger_status)
    if selection.scheme_id is not None:
        conditions.append(of_visible_scheme(selection.scheme_id, visible))
    return and_(true(), *conditions, *_of_the_order(selection))


def of_visible_scheme(scheme_id: str, visible: VisibleScope) -> ColumnElement[bool]:
    """Flags of a scheme's members, of one whose category the office may see."""
    return and_(FLAGS.c.scheme_id == scheme_id, FLAGS.c.scheme_category.in_(sorted(visible.ever)))


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
    # A region inside the office's own area is the range itself, see visible_flags: as a condition on each flag of the
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
