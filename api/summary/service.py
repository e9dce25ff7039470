"""A summary in one transaction, so that its counts agree with each other."""

from __future__ import annotations

from api.auth.scope import VisibleScope
from api.database import Database
from api.flags.filters import Selection
from api.flags.repository import newest_ms
from api.summary import repository as counts
from api.summary.schemas import Summary
from api.tables import AREAS, FLAGS
from contract.shanghai import date_of, text_ms


def summarise(database: Database, selection: Selection, *, visible: VisibleScope) -> Summary:
    """Count what matches and what the office may see."""
    with database.reading() as connection:
        by_category = counts.count_by(connection, AREAS.c.category, selection, visible=visible)
        by_severity = counts.count_by(connection, FLAGS.c.severity, selection, visible=visible)
        by_day = counts.count_by_day(connection, selection, visible=visible)
        newest, heard = newest_ms(connection, visible=visible), counts.heard_ms(connection)
        return Summary(
            flags=sum(by_category.values()),
            as_of=None if newest is None else text_ms(newest),
            heard_at=text_ms(heard) if heard else None,
            by_category=by_category,
            by_severity={severity: number for severity, number in by_severity.items() if severity is not None},
            by_status=counts.count_by(connection, FLAGS.c.status, selection, visible=visible),
            by_institution=counts.count_by(connection, FLAGS.c.institution_code, selection, visible=visible),
            by_institution_type=counts.count_by(connection, AREAS.c.institution_type, selection, visible=visible),
            by_typology=counts.count_by_typology(connection, selection, visible=visible),
            by_region=counts.count_by_region(connection, selection, visible=visible),
            by_day={date_of(day).isoformat(): number for day, number in sorted(by_day.items())},
        )
