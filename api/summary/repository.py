"""Counts from the database, over the same WHERE as the list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from api.auth.scope import VisibleScope
from api.flags.filters import Selection
from api.flags.where import SHOWN, matching
from api.tables import AREAS, FLAGS, LEDGER, TYPOLOGIES
from contract import regions
from contract.shanghai import DAY_MS, OFFSET_MS


def count_by(
    connection: Connection, column: ColumnElement[Any], selection: Selection, *, visible: VisibleScope
) -> dict[Any, int]:
    """Matching flags by one column's value."""
    statement = select(column, func.count()).select_from(SHOWN).where(matching(selection, visible)).group_by(column)
    return {row[0]: row[1] for row in connection.execute(statement.order_by(column))}


def count_by_day(connection: Connection, selection: Selection, *, visible: VisibleScope) -> dict[int, int]:
    """Matching flags by Shanghai day number of their last update."""
    local = AREAS.c.updated_ms + OFFSET_MS
    counts = count_by(connection, local // DAY_MS, selection, visible=visible)
    return {int(day): number for day, number in counts.items()}


def count_by_region(connection: Connection, selection: Selection, *, visible: VisibleScope) -> dict[str, int]:
    """Matching flags by area, for the office's area and every area below it where there are any.

    A flag counts once in each area that its branch or its subject lies in, so children may sum to more than parents.
    """
    lies_in = AREAS.alias("lies_in")
    statement = (
        select(lies_in.c.area, func.count())
        .select_from(SHOWN.join(lies_in, lies_in.c.flag_id == FLAGS.c.flag_id))
        .where(matching(selection, visible))
        .group_by(lies_in.c.area)
        .order_by(lies_in.c.area)
    )
    areas = regions.all_within(visible.area) | {visible.area}
    return {row[0]: row[1] for row in connection.execute(statement) if row[0] in areas}


def count_by_typology(connection: Connection, selection: Selection, *, visible: VisibleScope) -> dict[str, int]:
    """Matching flags by typology among their findings."""
    statement = (
        select(TYPOLOGIES.c.typology, func.count())
        .select_from(SHOWN.join(TYPOLOGIES, TYPOLOGIES.c.flag_id == FLAGS.c.flag_id))
        .where(matching(selection, visible))
        .group_by(TYPOLOGIES.c.typology)
        .order_by(TYPOLOGIES.c.typology)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def heard_ms(connection: Connection) -> int:
    """When the ledger's writer last heard from the log, by the wall clock; 0 where never."""
    return int(connection.execute(select(LEDGER.c.heard_ms)).scalar() or 0)
