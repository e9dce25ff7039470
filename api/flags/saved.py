"""Selections of flags that an office keeps under a name, for all of its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from api.tables import SAVED_FILTERS
from contract.errors import Conflict, NotFound

MOST: Final = 50
"""Names an office may keep."""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A name, the list's address behind it, and who of the office kept it."""

    name: str
    query: str
    holder: str


def of_office(connection: Connection, office_id: str) -> list[SavedFilter]:
    """The office's filters, by name."""
    own = select(SAVED_FILTERS).where(SAVED_FILTERS.c.office_id == office_id).order_by(SAVED_FILTERS.c.name)
    return [SavedFilter(row.name, row.query, row.holder) for row in connection.execute(own)]


def save(connection: Connection, saved: SavedFilter, *, office_id: str, now_ms: int) -> None:
    """Keep a filter, in place of the one of that name; raises ``Conflict`` for one name too many."""
    named = (SAVED_FILTERS.c.office_id == office_id, SAVED_FILTERS.c.name == saved.name)
    connection.execute(delete(SAVED_FILTERS).where(*named))
    held = select(func.count()).select_from(SAVED_FILTERS).where(SAVED_FILTERS.c.office_id == office_id)
    if connection.execute(held).scalar_one() >= MOST:
        raise Conflict(f"an office keeps {MOST} filters; remove one first")
    row = {"office_id": office_id, "name": saved.name, "query": saved.query, "holder": saved.holder, "created_ms": now_ms}
    connection.execute(insert(SAVED_FILTERS).values(row))


def remove(connection: Connection, name: str, *, office_id: str) -> None:
    """Forget a filter; raises ``NotFound`` where the office has none of that name."""
    named = (SAVED_FILTERS.c.office_id == office_id, SAVED_FILTERS.c.name == name)
    if connection.execute(delete(SAVED_FILTERS).where(*named)).rowcount != 1:
        raise NotFound("no filter of this name")
