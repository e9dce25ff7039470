"""What stands at an office's door this morning, from kept counts and index ranges alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from api.areas import children_of
from api.auth.scope import VisibleScope
from api.ledger import counting
from api.ledger.lists import visible_entries
from api.tables import COUNTS, ENTRIES, ENTRY_AREAS
from contract import regions

TREND_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of one area inside the office's own: flags by category, and ledger entries that want somebody."""

    area: str
    open_now: dict[str, int]
    opened_by_day: dict[str, dict[int, int]]
    open_below: dict[str, dict[str, int]]
    by_severity: dict[str, int]
    overdue: int
    due_soon: int
    waiting: int


def overview_of(
    connection: Connection, region: str | None, *, last_day: int, today: int, soon_day: int, visible: VisibleScope
) -> Overview:
    """Count for ``region`` where it lies in the office's area, else for that area.

    ``last_day`` ends the trend (event time); ``today`` and ``soon_day`` are the deadlines' days (wall clock).
    """
    area = region if region is not None and regions.covers(visible.area, region) else visible.area
    opened: dict[str, dict[int, int]] = {}
    days = [str(day) for day in range(last_day - TREND_DAYS + 1, last_day + 1)]
    for (category, day), n in _sums(connection, counting.OPENED, [area], ("category", "value"), days, visible).items():
        opened.setdefault(category, {})[int(day)] = n
    below: dict[str, dict[str, int]] = {}
    parts = children_of(area) or (area,)
    for (part, category), n in _sums(connection, counting.STATUS, parts, ("area", "category"), ["open"], visible).items():
        below.setdefault(part, {})[category] = n
    now = _sums(connection, counting.STATUS, [area], ("category",), ["open"], visible)
    severities = _sums(connection, counting.SEVERITY, [area], ("value",), None, visible)
    return Overview(
        area=area,
        open_now={category: n for (category,), n in now.items()},
        opened_by_day=opened,
        open_below=below,
        by_severity={severity: n for (severity,), n in severities.items()},
        overdue=_entries(connection, visible, ENTRY_AREAS.c.due_day < today),
        due_soon=_entries(connection, visible, ENTRY_AREAS.c.due_day.between(today, soon_day)),
        waiting=_waiting(connection, visible),
    )


def _sums(
    connection: Connection,
    dimension: str,
    areas: Sequence[str],
    by: tuple[str, ...],
    values: Sequence[str] | None,
    visible: VisibleScope,
) -> dict[tuple[str, ...], int]:
    columns = [COUNTS.c[name] for name in by]
    statement = select(*columns, func.sum(COUNTS.c.n)).where(
        COUNTS.c.dimension == dimension,
        COUNTS.c.area.in_(sorted(areas)),
        COUNTS.c.category.in_(sorted(visible.categories)),
        COUNTS.c.institution_type.in_(sorted(visible.institution_types)),
    )
    if values is not None:
        statement = statement.where(COUNTS.c.value.in_(values))
    found = connection.execute(statement.group_by(*columns).order_by(*columns))
    return {tuple(row[:-1]): int(row[-1]) for row in found if row[-1] > 0}


def _entries(connection: Connection, visible: VisibleScope, condition: ColumnElement[bool]) -> int:
    statement: Any = select(func.count()).select_from(ENTRY_AREAS).where(visible_entries(visible), condition)
    return int(connection.execute(statement).scalar_one())


def _waiting(connection: Connection, visible: VisibleScope) -> int:
    """Entries whose next step waits for its second person: few, and with an index of their own."""
    joined = ENTRIES.join(ENTRY_AREAS, ENTRY_AREAS.c.entry_id == ENTRIES.c.entry_id)
    waits = ENTRIES.c.proposal.is_not(None)
    statement: Any = select(func.count()).select_from(joined).where(visible_entries(visible), waits)
    return int(connection.execute(statement).scalar_one())
