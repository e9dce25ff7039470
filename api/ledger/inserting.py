"""Many rows into a table by one prepared statement, without the cost of binding each row by its columns' names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``, which all give the same columns (two at least), in the caller's transaction.

    Columns hold numbers, text and bytes alone, which both drivers take as they are.
    """
    if not rows:
        return
    names = tuple(rows[0])
    connection.exec_driver_sql(_sql(table, names, connection.dialect.name), list(map(itemgetter(*names), rows)))


@lru_cache(maxsize=256)
def _sql(table: Table, names: tuple[str, ...], dialect: str) -> str:
    """The statement in the driver's own form; names are the table's columns, nobody else's."""
    columns = [table.c[name].name for name in names]
    mark = "?" if dialect == "sqlite" else "%s"
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 - our names
