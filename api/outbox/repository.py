"""The outbox in the database: a row a record, written in the transaction of what it tells, numbered in the order of commits."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from api.ledger.repository import ensure_ledger
from api.tables import OUTBOX
from contract import verdict, watchlist
from contract.topics import VERDICTS, WATCHLIST
from contract.verdict import Verdict
from contract.watchlist import WatchEntry

CLAIM_MS: Final = 120_000
"""After so long a process that took records to send them is taken for dead; longer than a send may last."""


class Waiting(msgspec.Struct, frozen=True):
    """A record to be sent."""

    seq: int
    topic: str
    key: str
    value: bytes


def add(connection: Connection, record: Verdict | WatchEntry, *, now_ms: int) -> None:
    """Put a record into the outbox, inside the caller's write transaction: it is sent if that commits, and only then.

    Writers exclude each other (see ``Database``), so numbers follow the order of commits.
    """
    ledger = ensure_ledger(connection)
    seq = int(connection.execute(select(func.coalesce(func.max(OUTBOX.c.seq), 0))).scalar_one()) + 1
    numbered = msgspec.structs.replace(record, ledger=ledger, seq=seq)
    if isinstance(numbered, Verdict):
        row = {"topic": VERDICTS, "message_key": numbered.flag_id, "value": verdict.encode(numbered)}
    else:
        row = {"topic": WATCHLIST, "message_key": numbered.subject, "value": watchlist.encode(numbered)}
    connection.execute(insert(OUTBOX).values(seq=seq, created_ms=now_ms, **row))


def waiting(connection: Connection) -> int:
    """How many records wait."""
    return int(connection.execute(select(func.count()).where(OUTBOX.c.sent_ms.is_(None))).scalar_one())


def claim(connection: Connection, owner: str, *, now_ms: int, limit: int) -> list[Waiting]:
    """The oldest records that wait, taken for ``owner``; none while another process has taken some.

    One that claims after another died begins with the oldest again: numbers reach the log in order, whoever sends them.
    """
    rows = connection.execute(
        select(OUTBOX.c.seq, OUTBOX.c.topic, OUTBOX.c.message_key, OUTBOX.c.value, OUTBOX.c.claimed_by, OUTBOX.c.claimed_ms)
        .where(OUTBOX.c.sent_ms.is_(None))
        .order_by(OUTBOX.c.seq)
        .limit(limit)
    ).all()
    if not rows or (rows[0].claimed_by not in (None, owner) and rows[0].claimed_ms > now_ms - CLAIM_MS):
        return []
    last = rows[-1].seq
    mine = OUTBOX.c.sent_ms.is_(None) & (OUTBOX.c.seq <= last)
    connection.execute(update(OUTBOX).where(mine).values(claimed_by=owner, claimed_ms=now_ms))
    return [Waiting(row.seq, row.topic, row.message_key, bytes(row.value)) for row in rows]


def sent(connection: Connection, through: int, *, now_ms: int) -> None:
    """Note that all records up to a number are in the log."""
    mine = OUTBOX.c.sent_ms.is_(None) & (OUTBOX.c.seq <= through)
    connection.execute(update(OUTBOX).where(mine).values(sent_ms=now_ms))
