"""Lists of entries from the database; what the office may see stands in every statement's WHERE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from api.auth.scope import VisibleScope
from api.ledger.filters import TIERS, EntryPage, EntrySelection, EntrySort
from api.ledger.rows import Entry, read
from api.ledger.sight import PAYERS_ALONE, with_marks
from api.ledger.sights import Sight, sights
from api.order import beyond
from api.suppressions.repository import hides
from api.tables import ENTRIES, ENTRY_AREAS
from contract.errors import NotFound
from contract.shanghai import day_number

_JOINED = ENTRIES.join(ENTRY_AREAS, ENTRY_AREAS.c.entry_id == ENTRIES.c.entry_id)


def visible_entries(visible: VisibleScope) -> ColumnElement[bool]:
    """Visibility alone: the office's area, track and institution types; a lead office assists where payers alone are."""
    words = with_marks(visible.institution_types)
    return and_(
        ENTRY_AREAS.c.area == visible.area,
        ENTRY_AREAS.c.track == visible.track.value,
        ENTRY_AREAS.c.institution_type.in_([*words, PAYERS_ALONE] if visible.is_lead else words),
    )


def get(connection: Connection, entry_id: str, *, visible: VisibleScope) -> Entry:
    """One entry; raises ``NotFound`` for one that is absent or unseen, after the same statement in either case."""
    seen = and_(visible_entries(visible), ENTRY_AREAS.c.entry_id == entry_id)
    row = connection.execute(select(ENTRIES).select_from(_JOINED).where(seen)).one_or_none()
    if row is None:
        raise NotFound("no such entry")
    entry = read(row)
    entry.extra_areas = (visible.area,)
    _hide_figures(connection, [entry], visible)
    return entry


def page_statement(page: EntryPage, *, after: tuple[int, str] | None, today: int, visible: VisibleScope) -> Select[Any]:
    """The list's statement: one range of an index."""
    column, falls = _order(page.sort)
    key = ENTRY_AREAS.c.entry_id
    statement = select(column.label("value"), ENTRIES).select_from(_JOINED).where(matching(page, today=today, visible=visible))
    if after is not None:
        statement = statement.where(beyond((column, key), after, falls=falls))
    return statement.order_by(column.desc(), key.desc()) if falls else statement.order_by(column, key)


def page_of(
    connection: Connection, page: EntryPage, *, after: tuple[int, str] | None, limit: int, today: int, visible: VisibleScope
) -> list[tuple[int, Entry]]:
    """Up to ``limit`` entries with their values in the order, after a place."""
    statement = page_statement(page, after=after, today=today, visible=visible).limit(limit)
    found = [(row.value, read(row)) for row in connection.execute(statement)]
    _hide_figures(connection, [entry for _, entry in found], visible)
    return found


def _hide_figures(connection: Connection, entries: Sequence[Entry], visible: VisibleScope) -> None:
    """Who sees only some members of a scheme is not told what all add up to."""
    schemes = [entry.scheme_id for entry in entries if entry.scheme_id is not None]
    seen = sights(connection, schemes, visible=visible)
    for entry in entries:
        if entry.scheme_id is not None:
            entry.shows_figures = seen.get(entry.scheme_id, Sight.PART) is not Sight.PART


def count_by_status(connection: Connection, selection: EntrySelection, *, today: int, visible: VisibleScope) -> dict[str, int]:
    """Matching entries by state, for the board's columns."""
    statement = (
        select(ENTRIES.c.status, func.count())
        .select_from(_JOINED)
        .where(matching(selection, today=today, visible=visible))
        .group_by(ENTRIES.c.status)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def matching(selection: EntrySelection, *, today: int, visible: VisibleScope) -> ColumnElement[bool]:
    """Visibility and every filter of ``selection``."""
    conditions = [visible_entries(visible)]
    for column, wanted in (
        (ENTRIES.c.status, [status.value for status in selection.status]),
        (ENTRIES.c.severity, selection.severity),
        (ENTRIES.c.severity, TIERS[selection.tier] if selection.tier else ()),
        (ENTRY_AREAS.c.institution_type, with_marks(selection.institution_type) if selection.institution_type else ()),
        (ENTRIES.c.institution_code, selection.institution_code),
    ):
        if wanted:
            conditions.append(column.in_(sorted(wanted)))
    if selection.account_id is not None:
        conditions += [ENTRIES.c.account_id == selection.account_id, ENTRIES.c.institution_code != ""]
    if selection.scheme_id is not None:
        conditions += [ENTRIES.c.account_id == selection.scheme_id, ENTRIES.c.institution_code == ""]
    if selection.of is not None:
        conditions.append((ENTRIES.c.institution_code == "") == (selection.of == "scheme"))
    if selection.is_proposed is not None:
        conditions.append(ENTRIES.c.proposal.is_not(None) == selection.is_proposed)
    conditions += _of_time_and_office(selection, today, visible)
    if selection.region is not None:
        inner = ENTRY_AREAS.alias("inner_areas")
        conditions.append(exists().where(inner.c.entry_id == ENTRY_AREAS.c.entry_id, inner.c.area == selection.region))
    return and_(*conditions)


def _of_time_and_office(selection: EntrySelection, today: int, visible: VisibleScope) -> list[ColumnElement[bool]]:
    """What depends on the day, and on who asks."""
    conditions: list[ColumnElement[bool]] = []
    if selection.owner is not None:
        conditions += [ENTRIES.c.owner == selection.owner, ENTRIES.c.owner_office == visible.office_id]
    if selection.is_overdue is not None:
        conditions.append((ENTRY_AREAS.c.due_day < today) == selection.is_overdue)
    if selection.due_until is not None:
        conditions.append(ENTRY_AREAS.c.due_day < day_number(selection.due_until))
    if selection.suppressed != "shown":
        hidden = hides(visible.office_id, today)
        conditions.append(hidden if selection.suppressed == "only" else ~hidden)
    return conditions


def _order(sort: EntrySort) -> tuple[Any, bool]:
    columns = {"-score": ENTRY_AREAS.c.score_tenths, "-changed_at": ENTRY_AREAS.c.changed_ms, "due_on": ENTRY_AREAS.c.due_day}
    return columns[sort], sort.startswith("-")
