"""Suppressions in the database, and which entries they hide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from api.tables import ENTRIES, SUPPRESSIONS
from contract.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Suppression:
    """One; it hides from its approval until ``until_day`` (a Shanghai day, not included) or until it is ended."""

    suppression_id: str
    office_id: str
    entry_id: str
    reason: str
    days: int
    proposed_by: str
    proposed_ms: int
    approved_by: str | None
    approved_ms: int | None
    until_day: int
    ended_by: str | None
    ended_ms: int | None
    severity: str

    def state(self, today: int) -> str:
        """Where it stands."""
        if self.ended_ms is not None:
            return "ended"
        if self.approved_ms is None:
            return "proposed"
        return "active" if today < self.until_day else "expired"


def hides(office_id: str, today: int) -> ColumnElement[bool]:
    """Whether the office hides the entry of the outer statement today; not once its severity is another than was approved."""
    return exists().where(
        SUPPRESSIONS.c.entry_id == ENTRIES.c.entry_id,
        SUPPRESSIONS.c.office_id == office_id,
        SUPPRESSIONS.c.approved_ms.is_not(None),
        SUPPRESSIONS.c.ended_ms.is_(None),
        SUPPRESSIONS.c.until_day > today,
        SUPPRESSIONS.c.severity == func.coalesce(ENTRIES.c.severity, ""),
    )


def add(connection: Connection, one: Suppression) -> None:
    """Keep a proposal; raises ``Conflict`` where the entry has one that waits."""
    waits = (SUPPRESSIONS.c.approved_ms.is_(None), SUPPRESSIONS.c.ended_ms.is_(None))
    mine = (SUPPRESSIONS.c.entry_id == one.entry_id, SUPPRESSIONS.c.office_id == one.office_id)
    if connection.execute(select(SUPPRESSIONS.c.suppression_id).where(*mine, *waits)).first() is not None:
        raise Conflict("a suppression of this entry waits for its second person")
    connection.execute(insert(SUPPRESSIONS).values({name: getattr(one, name) for name in Suppression.__dataclass_fields__}))


def get(connection: Connection, suppression_id: str, *, office_id: str) -> Suppression:
    """One of the office's own; raises ``NotFound``."""
    mine = (SUPPRESSIONS.c.suppression_id == suppression_id, SUPPRESSIONS.c.office_id == office_id)
    row = connection.execute(select(SUPPRESSIONS).where(*mine)).one_or_none()
    if row is None:
        raise NotFound("no such suppression")
    return _read(row)


def change(connection: Connection, suppression_id: str, **values: Any) -> None:
    """Approve or end one."""
    connection.execute(update(SUPPRESSIONS).where(SUPPRESSIONS.c.suppression_id == suppression_id).values(**values))


def of_office(connection: Connection, office_id: str, *, after: tuple[int, str] | None, limit: int) -> list[Suppression]:
    """The office's own, newest first."""
    statement = select(SUPPRESSIONS).where(SUPPRESSIONS.c.office_id == office_id)
    if after is not None:
        at, last = after
        earlier = (SUPPRESSIONS.c.proposed_ms < at) | (SUPPRESSIONS.c.suppression_id < last)
        statement = statement.where(SUPPRESSIONS.c.proposed_ms <= at, earlier)
    order = statement.order_by(SUPPRESSIONS.c.proposed_ms.desc(), SUPPRESSIONS.c.suppression_id.desc()).limit(limit)
    return [_read(row) for row in connection.execute(order)]


def _read(row: Row[Any]) -> Suppression:
    return Suppression(**{name: getattr(row, name) for name in Suppression.__dataclass_fields__})
