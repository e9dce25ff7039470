"""A summary in one transaction, so that its counts agree with each other."""

from __future__ import annotations

from sqlalchemy import Connection

from api.auth.scope import VisibleScope
from api.database import Database
from api.flags.filters import Selection
from api.flags.repository import newest_ms
from api.ledger import counting
from api.summary import kept
from api.summary import repository as counts
from api.summary.schemas import Summary
from api.tables import AREAS, FLAGS
from contract.shanghai import date_of, text_ms


def summarise(database: Database, selection: Selection, *, visible: VisibleScope) -> Summary:
    """Count what matches and what the office may see."""
    with database.reading() as connection:
        summary = _kept if kept.answers(selection, visible) else _counted
        return summary(connection, selection, visible)


def _kept(connection: Connection, selection: Selection, visible: VisibleScope) -> Summary:
    found = kept.counts(connection, selection, visible=visible)
    regions = kept.by_region if selection.region is None else counts.count_by_region
    days = {int(day): number for day, number in found.by_dimension[counting.DAY].items()}
    return Summary(
        **_standing(connection, visible),
        flags=sum(found.by_category.values()),
        by_category=found.by_category,
        by_severity=found.by_dimension[counting.SEVERITY],
        by_status=found.by_dimension[counting.STATUS],
        by_institution=found.by_dimension[counting.INSTITUTION],
        by_institution_type=found.by_institution_type,
        by_typology=found.by_dimension[counting.TYPOLOGY],
        by_region=regions(connection, selection, visible=visible),
        by_day={date_of(day).isoformat(): number for day, number in sorted(days.items())},
    )


def _counted(connection: Connection, selection: Selection, visible: VisibleScope) -> Summary:
    by_category = counts.count_by(connection, AREAS.c.category, selection, visible=visible)
    by_severity = counts.count_by(connection, FLAGS.c.severity, selection, visible=visible)
    by_day = counts.count_by_day(connection, selection, visible=visible)
    return Summary(
        **_standing(connection, visible),
        flags=sum(by_category.values()),
        by_category=by_category,
        by_severity={severity: number for severity, number in by_severity.items() if severity is not None},
        by_status=counts.count_by(connection, FLAGS.c.status, selection, visible=visible),
        by_institution=counts.count_by(connection, FLAGS.c.institution_code, selection, visible=visible),
        by_institution_type=counts.count_by(connection, AREAS.c.institution_type, selection, visible=visible),
        by_typology=counts.count_by_typology(connection, selection, visible=visible),
        by_region=counts.count_by_region(connection, selection, visible=visible),
        by_day={date_of(day).isoformat(): number for day, number in sorted(by_day.items())},
    )


def _standing(connection: Connection, visible: VisibleScope) -> dict[str, str | None]:
    newest, heard = newest_ms(connection, visible=visible), counts.heard_ms(connection)
    return {"as_of": None if newest is None else text_ms(newest), "heard_at": text_ms(heard) if heard else None}
