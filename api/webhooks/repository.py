"""Webhooks in the database: an office's own, leased by one process at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from api.tables import DEAD_LETTERS, LEDGER, WEBHOOKS
from contract.errors import NotFound


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as it stands; ``failures`` are those in a row."""

    hook_id: str
    office_id: str
    url: str
    secret: str
    created_ms: int
    created_by: str
    position: int
    failures: int
    next_ms: int
    last_error: str | None
    delivered_ms: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery that was given up."""

    letter_id: str
    at_ms: int
    error: str
    body: bytes


def add(connection: Connection, *, hook_id: str, office_id: str, url: str, secret: str, holder: str, now_ms: int) -> Hook:
    """Keep a new webhook; it begins with what comes from now on."""
    position = int(connection.execute(select(LEDGER.c.position)).scalar() or 0)
    row = {
        "hook_id": hook_id,
        "office_id": office_id,
        "url": url,
        "secret": secret,
        "created_ms": now_ms,
        "created_by": holder,
        "position": position,
        "failures": 0,
        "next_ms": now_ms,
        "leased_ms": 0,
    }
    connection.execute(insert(WEBHOOKS).values(row))
    return get(connection, hook_id, office_id=office_id)


def of_office(connection: Connection, office_id: str) -> list[Hook]:
    """The office's own, oldest first."""
    rows = connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.office_id == office_id).order_by(WEBHOOKS.c.created_ms))
    return [_hook(row) for row in rows]


def get(connection: Connection, hook_id: str, *, office_id: str) -> Hook:
    """One; raises ``NotFound`` for one that is absent or another office's."""
    row = connection.execute(
        select(WEBHOOKS).where(WEBHOOKS.c.hook_id == hook_id, WEBHOOKS.c.office_id == office_id)
    ).one_or_none()
    if row is None:
        raise NotFound("no such webhook")
    return _hook(row)


def remove(connection: Connection, hook_id: str) -> None:
    """Forget a webhook and what could not be delivered to it."""
    connection.execute(delete(DEAD_LETTERS).where(DEAD_LETTERS.c.hook_id == hook_id))
    connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.hook_id == hook_id))


def is_due(connection: Connection, *, now_ms: int) -> bool:
    """Whether a webhook's time has come: asked before the lock of writers is taken for a lease."""
    return connection.execute(select(WEBHOOKS.c.hook_id).where(*_due(now_ms)).limit(1)).first() is not None


def lease(connection: Connection, *, now_ms: int, until_ms: int, most: int) -> list[Hook]:
    """Webhooks whose time has come and that no process is at; they are this process's until ``until_ms``."""
    rows = connection.execute(select(WEBHOOKS).where(*_due(now_ms)).order_by(WEBHOOKS.c.next_ms).limit(most)).all()
    ids = [row.hook_id for row in rows]
    if ids:
        connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.hook_id.in_(ids)).values(leased_ms=until_ms))
    return [_hook(row) for row in rows]


def _due(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    last = select(LEDGER.c.position).scalar_subquery()
    return (WEBHOOKS.c.next_ms <= now_ms, WEBHOOKS.c.leased_ms <= now_ms, WEBHOOKS.c.position < last)


def settle(connection: Connection, hook_id: str, **values: Any) -> None:
    """Write what became of a try, and give the lease back."""
    connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.hook_id == hook_id).values(leased_ms=0, **values))


def bury(connection: Connection, hook_id: str, letter: Letter) -> None:
    """Keep a delivery that is given up, where its webhook is still there."""
    if connection.execute(select(WEBHOOKS.c.hook_id).where(WEBHOOKS.c.hook_id == hook_id)).first() is None:
        return
    row = {"letter_id": letter.letter_id, "hook_id": hook_id, "at_ms": letter.at_ms, "error": letter.error, "body": letter.body}
    connection.execute(insert(DEAD_LETTERS).values(row))


def letters_of(connection: Connection, hook_id: str, *, most: int) -> list[Letter]:
    """What was given up, newest first."""
    statement = select(DEAD_LETTERS).where(DEAD_LETTERS.c.hook_id == hook_id)
    order = statement.order_by(DEAD_LETTERS.c.at_ms.desc(), DEAD_LETTERS.c.letter_id).limit(most)
    return [Letter(row.letter_id, row.at_ms, row.error, bytes(row.body)) for row in connection.execute(order)]


def _hook(row: Row[Any]) -> Hook:
    return Hook(**{name: getattr(row, name) for name in Hook.__dataclass_fields__})
