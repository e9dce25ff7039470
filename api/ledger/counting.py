"""Counts of flags kept by the writer as flags change, so that a summary reads sums and never the flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, text

from contract.flag import Flag
from contract.shanghai import day_of, parse_ms

Cell = tuple[str, str, str, str, str]
"""Dimension, area, category, institution type, value: the key of one count."""
TOTAL, SEVERITY, STATUS, INSTITUTION, TYPOLOGY = "total", "severity", "status", "institution", "typology"
DAY, OPENED, GAP = "day", "opened", "gap"
"""By day of the last update, and by day of the first revision: Shanghai day numbers as text."""
SEPARATOR: Final = "|"


def cells(flag: Flag, areas: Iterable[str]) -> Iterator[Cell]:
    """Every count that the flag stands in, once for each of its areas."""
    told = list(_told(flag))
    for area in areas:
        for dimension, value in told:
            yield dimension, area, flag.category, flag.institution_type, value


def _told(flag: Flag) -> Iterator[tuple[str, str]]:
    yield TOTAL, ""
    yield STATUS, flag.status
    yield INSTITUTION, flag.institution_code
    yield DAY, str(day_of(parse_ms(flag.updated_at)))
    yield OPENED, str(day_of(parse_ms(flag.opened_at)))
    if flag.severity is not None:
        yield SEVERITY, flag.severity
    for typology in sorted({finding.typology for finding in flag.findings}):
        yield TYPOLOGY, typology
    for typology in sorted(set(flag.not_evaluable)):
        yield GAP, f"{flag.institution_code}{SEPARATOR}{typology}"


def add(connection: Connection, delta: Mapping[Cell, int]) -> None:
    """Add to the counts, in the caller's write transaction; what adds up to nothing is not written.

    Thousands of cells a batch: one prepared statement for all on SQLite, one statement over arrays on PostgreSQL.
    Built anew with its values each time, it cost ten times what the rest of storing does.
    """
    rows = [(*cell, n) for cell, n in delta.items() if n]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE, rows)
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(_POSTGRESQL, dict(zip("abcdef", columns, strict=True)))


_UPSERT: Final = (
    "INSERT INTO flag_counts (dimension, area, category, institution_type, value, n) {source} "
    "ON CONFLICT (dimension, area, category, institution_type, value) DO UPDATE SET n = flag_counts.n + excluded.n"
)
_SQLITE: Final = _UPSERT.format(source="VALUES (?, ?, ?, ?, ?, ?)")
_POSTGRESQL: Final = text(
    _UPSERT.format(
        source="SELECT * FROM unnest(CAST(:a AS text[]), CAST(:b AS text[]), CAST(:c AS text[]), CAST(:d AS text[]),"
        " CAST(:e AS text[]), CAST(:f AS bigint[]))"
    )
)
