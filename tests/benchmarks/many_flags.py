"""A ledger of a million flags in minutes: what the writer stored is copied by the database itself, under other ids."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Integer, String, Table, cast, func, insert, join, literal, select, true, update

from api.database import Database
from api.tables import AREAS, COUNTS, DUES, ENTRIES, ENTRY_AREAS, FLAGS, HISTORY, LEDGER, REVISIONS, TYPOLOGIES

_TABLES: Final = (FLAGS, REVISIONS, AREAS, TYPOLOGIES, DUES, ENTRIES, ENTRY_AREAS, HISTORY)
_IDS: Final = ("flag_id", "account_id", "customer_id", "entry_id")
_AT_ONCE: Final = 10
_STEP_MS: Final = 7
"""Copies are moved in time a little, so that an order by time has no more ties than scores give."""


def multiply(database: Database, times: int) -> None:
    """Make ``times`` of each flag and entry that is there; counts are those of the whole, documents are the originals'."""
    with database.reading() as connection:
        last = int(connection.execute(select(LEDGER.c.position)).scalar_one())
    indexes = [index for table in _TABLES for index in table.indexes]
    with database.writing() as connection:
        for index in indexes:
            index.drop(connection)
    for start in range(1, times, _AT_ONCE):
        for table in _TABLES:
            with database.writing() as connection:
                _copy(connection, table, range(start, min(times, start + _AT_ONCE)), last)
    with database.writing() as connection:
        connection.execute(update(COUNTS).values(n=COUNTS.c.n * times))
        connection.execute(update(LEDGER).values(position=last * times))
        # Made again at once: kept up row by row they took most of the time.
        for index in indexes:
            index.create(connection)


def _copy(connection: Connection, table: Table, copies: range, last: int) -> None:
    first = select(literal(copies.start, Integer).label("copy")).cte("copies", recursive=True)
    numbers = first.union_all(select(first.c.copy + 1).where(first.c.copy < copies.stop - 1))
    original = ~table.c[_first_id(table)].like("%~%")
    rows = select(*_moved(table, numbers.c.copy, last)).select_from(join(table, numbers, true())).where(original)
    connection.execute(insert(table).from_select(list(table.c.keys()), rows))


def _first_id(table: Table) -> str:
    return next(name for name in _IDS if name in table.c)


def _moved(table: Table, copy: Any, last: int) -> list[Any]:
    # Before the rest of the id: a copy's rows lie beside each other in the tables' keys, which are kept up row by row.
    prefix = cast(copy + 10_000, String) + "~"
    found: list[Any] = []
    for name, column in table.c.items():
        if name in _IDS:
            found.append(prefix + column)
        elif name == "position":
            found.append(column + copy * last)
        elif name in ("updated_ms", "changed_ms"):
            found.append(column + copy * _STEP_MS)
        else:
            found.append(column)
    return found


def analyse(database: Database) -> None:
    """Statistics for the planner, as PostgreSQL's autovacuum makes them by itself."""
    if database.is_sqlite:
        return
    with database._engine.connect() as raw:  # noqa: SLF001 - no transaction of ours takes a statement of this kind
        raw.exec_driver_sql("ANALYZE")
        raw.commit()


def number_of_flags(database: Database) -> int:
    """How many flags there are."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(FLAGS)).scalar_one())
