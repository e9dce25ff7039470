"""The audit in the database: appended in one order whatever the number of processes, read by office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, insert, select, text

from api.audit.record import GENESIS, AuditRecord, Decision, chained, encode
from api.tables import AUDIT
from contract.shanghai import parse_ms

_CHAIN_LOCK: Final = 0x61756474
"""Advisory lock of whoever appends: the chain has one end, and flags being stored must not hold it up."""
_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A kept line and its place in the chain."""

    seq: int
    record: bytes
    previous: bytes
    hash: bytes


_LAST: Final = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
_INSERT: Final = insert(AUDIT)
"""Made once: every request waits for them."""


def append(connection: Connection, records: Sequence[AuditRecord]) -> tuple[int, bytes]:
    """Append in the caller's write transaction; gives the last line's number and hash."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    seq, previous = head(connection)
    rows = []
    for record in records:
        seq += 1
        line = encode(record)
        hashed = chained(previous, seq, line)
        rows.append(_row(seq, record, line, previous, hashed))
        previous = hashed
    if rows:
        connection.execute(_INSERT, rows)
    return seq, previous


def head(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the last line; 0 and the genesis where there is none."""
    row = connection.execute(_LAST).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, bytes(row.hash))


def all_rows(connection: Connection) -> Iterator[Any]:
    """Every row from the first on, in constant memory, with the columns that repeat parts of the line."""
    after = 0
    while True:
        rows = connection.execute(select(AUDIT).where(AUDIT.c.seq > after).order_by(AUDIT.c.seq).limit(_CHUNK)).all()
        yield from rows
        if len(rows) < _CHUNK:
            return
        after = rows[-1].seq


def page_statement(
    office_id: str,
    *,
    before: int | None,
    since_ms: int | None,
    until_ms: int | None,
    decisions: Sequence[Decision],
    holder: str | None,
) -> Select[Any]:
    """The office's own lines, newest first."""
    statement = select(AUDIT.c.seq, AUDIT.c.record, AUDIT.c.prev_hash, AUDIT.c.hash).where(AUDIT.c.office_id == office_id)
    if before is not None:
        statement = statement.where(AUDIT.c.seq < before)
    if since_ms is not None:
        statement = statement.where(AUDIT.c.at_ms >= since_ms)
    if until_ms is not None:
        statement = statement.where(AUDIT.c.at_ms < until_ms)
    if decisions:
        statement = statement.where(AUDIT.c.decision.in_(sorted(decisions)))
    if holder is not None:
        statement = statement.where(AUDIT.c.holder == holder)
    return statement.order_by(AUDIT.c.seq.desc())


def lines(connection: Connection, statement: Select[Any]) -> list[Line]:
    """The lines of a statement."""
    return [Line(row.seq, bytes(row.record), bytes(row.prev_hash), bytes(row.hash)) for row in connection.execute(statement)]


def _row(seq: int, record: AuditRecord, line: bytes, previous: bytes, hashed: bytes) -> dict[str, Any]:
    return {
        "seq": seq,
        "at_ms": parse_ms(record.at),
        "office_id": record.office,
        "holder": record.holder,
        "action": record.action,
        "decision": record.decision.value,
        "record": line,
        "prev_hash": previous,
        "hash": hashed,
    }
