"""What an office may see of schemes and what it asked for, as one WHERE clause."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, true

from api.auth.scope import VisibleScope
from api.ledger.sights import handled, own_members
from api.schemes.filters import SchemeSelection
from api.tables import ENTRIES, SCHEME_PAYERS, SCHEME_SIGHT, SCHEME_TYPOLOGIES, SCHEMES
from api.times import epoch_ms

OWN_ROW = and_(ENTRIES.c.institution_code == "", ENTRIES.c.account_id == SCHEMES.c.scheme_id)
"""A scheme's ledger entry; of which track, the statement says."""


def visible_schemes(visible: VisibleScope, *, categories: frozenset[str]) -> ColumnElement[bool]:
    """Visibility alone: a member that the office may see is in it, and its category is one of ``categories``.

    Lead offices assist where payers are as well (regulation.md §5.2 ``assist``).
    """
    seen = _has_member(own_members(visible))
    if visible.is_lead:
        own_payers = SCHEME_PAYERS.c.scheme_id == SCHEMES.c.scheme_id, SCHEME_PAYERS.c.area == visible.area
        seen = or_(seen, exists().where(*own_payers))
    return and_(SCHEMES.c.category.in_(sorted(categories)), seen)


def matching(selection: SchemeSelection, visible: VisibleScope) -> ColumnElement[bool]:
    """Visibility and every filter of ``selection``."""
    asked = frozenset[str](selection.category)
    categories = asked & visible.ever if asked else visible.categories
    return and_(visible_schemes(visible, categories=categories), _of_the_row(selection, visible), _of_members(selection, visible))


def _of_the_row(selection: SchemeSelection, visible: VisibleScope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for column, wanted in ((SCHEMES.c.severity, selection.severity), (SCHEMES.c.stage, selection.stage)):
        if wanted:
            conditions.append(column.in_(sorted(wanted)))
    if selection.status is not None:
        conditions.append(SCHEMES.c.status == selection.status)
    if selection.ledger_status is not None:
        conditions.append(func.coalesce(ENTRIES.c.status, "new") == selection.ledger_status)
    if selection.handled is not None:
        conditions.append(func.coalesce(handled(visible), False) == selection.handled)
    if selection.min_score is not None:
        conditions.append(SCHEMES.c.score_tenths >= selection.min_score * 10)
    if selection.since is not None:
        conditions.append(SCHEMES.c.updated_ms >= epoch_ms(selection.since))
    if selection.until is not None:
        conditions.append(SCHEMES.c.updated_ms < epoch_ms(selection.until))
    if selection.typology:
        hit = SCHEME_TYPOLOGIES
        one_of = or_(*((hit.c.typology == one) if "@" in one else (hit.c.name == one) for one in sorted(selection.typology)))
        conditions.append(exists().where(hit.c.scheme_id == SCHEMES.c.scheme_id, one_of))
    return and_(true(), *conditions)


def _of_members(selection: SchemeSelection, visible: VisibleScope) -> ColumnElement[bool]:
    """One member that the office may see fits all filters of accounts."""
    wanted: list[ColumnElement[bool]] = []
    for column, values in (
        (SCHEME_SIGHT.c.institution_type, selection.institution_type),
        (SCHEME_SIGHT.c.institution_code, selection.institution_code),
        (SCHEME_SIGHT.c.account_id, [selection.account_id] if selection.account_id is not None else []),
    ):
        if values:
            wanted.append(column.in_(sorted(values)))
    if selection.region is not None:
        there = SCHEME_SIGHT.alias("there")
        same = and_(*(there.c[name] == SCHEME_SIGHT.c[name] for name in ("scheme_id", "institution_code", "account_id")))
        wanted.append(exists().where(same, there.c.area == selection.region))
    return _has_member(and_(own_members(visible), *wanted)) if wanted else true()


def _has_member(condition: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(SCHEME_SIGHT.c.scheme_id == SCHEMES.c.scheme_id, SCHEME_SIGHT.c.is_current, condition)
