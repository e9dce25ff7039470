"""Offices and their keys in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from api.auth.offices import Kind, Office
from api.auth.roles import Role
from api.tables import KEYS, OFFICES
from contract.errors import Conflict, NotFound

OFFICE_ITSELF: Final = "office"
"""The holder of a key that no person is named for."""


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key with its office; whether it is good at a time is ``is_good``."""

    key_id: str
    digest: bytes
    expires_ms: int
    revoked_ms: int | None
    office: Office
    role: Role
    holder: str

    def is_good(self, now_ms: int) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_ms is None and now_ms < self.expires_ms


_FIND = (
    select(KEYS.c.key_id, KEYS.c.digest, KEYS.c.expires_ms, KEYS.c.revoked_ms, KEYS.c.role, KEYS.c.holder, OFFICES)
    .join(OFFICES, OFFICES.c.office_id == KEYS.c.office_id)
    .where(KEYS.c.key_id == bindparam("wanted"))
)


def find_key(connection: Connection, key_id: str) -> StoredKey | None:
    """The key of this id, good or not."""
    row = connection.execute(_FIND, {"wanted": key_id}).one_or_none()
    if row is None:
        return None
    return _key(row, _office(row))


def find_office(connection: Connection, office_id: str) -> Office | None:
    """The office of this id."""
    row = connection.execute(select(OFFICES).where(OFFICES.c.office_id == office_id)).one_or_none()
    return None if row is None else _office(row)


def add_office(connection: Connection, office: Office, *, now_ms: int) -> None:
    """Add an office; raises ``Conflict`` where its id is taken."""
    if _exists(connection, office.office_id):
        raise Conflict("an office of this id exists already: fundwatch office key and rotate give it further keys")
    connection.execute(
        insert(OFFICES).values(
            office_id=office.office_id, kind=office.kind, region=office.region, name=office.name, created_ms=now_ms
        )
    )


def add_key(
    connection: Connection,
    office_id: str,
    *,
    key_id: str,
    digest: bytes,
    now_ms: int,
    expires_ms: int,
    role: Role = Role.VIEWER,
    holder: str = OFFICE_ITSELF,
) -> None:
    """Give a person of an office a key; raises ``NotFound`` for an unknown office."""
    if not _exists(connection, office_id):
        raise NotFound("no office of this id: fundwatch office list names them")
    connection.execute(
        insert(KEYS).values(
            key_id=key_id,
            office_id=office_id,
            digest=digest,
            created_ms=now_ms,
            expires_ms=expires_ms,
            revoked_ms=None,
            role=role.value,
            holder=holder,
        )
    )


def revoke_keys(connection: Connection, office_id: str, *, now_ms: int, key_id: str | None = None) -> int:
    """Revoke one key or all keys of an office, at once; how many were in use."""
    if not _exists(connection, office_id):
        raise NotFound("no office of this id: fundwatch office list names them")
    statement = update(KEYS).where(KEYS.c.office_id == office_id, KEYS.c.revoked_ms.is_(None))
    if key_id is not None:
        statement = statement.where(KEYS.c.key_id == key_id)
    return connection.execute(statement.values(revoked_ms=now_ms)).rowcount


def expire_keys(connection: Connection, office_id: str, *, holder: str, at_ms: int) -> Role | None:
    """Let a person's keys end at ``at_ms`` at the latest; the newest one's role, None where there is none."""
    own = (KEYS.c.office_id == office_id, KEYS.c.holder == holder)
    role = connection.execute(select(KEYS.c.role).where(*own).order_by(KEYS.c.created_ms.desc()).limit(1)).scalar()
    in_use = (KEYS.c.revoked_ms.is_(None), KEYS.c.expires_ms > at_ms)
    connection.execute(update(KEYS).where(*own, *in_use).values(expires_ms=at_ms))
    return None if role is None else Role(role)


def all_offices(connection: Connection) -> list[tuple[Office, list[StoredKey]]]:
    """Every office with its keys, by id."""
    offices = [_office(row) for row in connection.execute(select(OFFICES).order_by(OFFICES.c.office_id))]
    keys: dict[str, list[StoredKey]] = {office.office_id: [] for office in offices}
    by_id = {office.office_id: office for office in offices}
    for row in connection.execute(select(KEYS).order_by(KEYS.c.created_ms, KEYS.c.key_id)):
        keys[row.office_id].append(_key(row, by_id[row.office_id]))
    return [(office, keys[office.office_id]) for office in offices]


def keys_of(connection: Connection, office: Office) -> list[StoredKey]:
    """An office's keys, good or not, oldest first."""
    statement = select(KEYS).where(KEYS.c.office_id == office.office_id).order_by(KEYS.c.created_ms, KEYS.c.key_id)
    return [_key(row, office) for row in connection.execute(statement)]


def _exists(connection: Connection, office_id: str) -> bool:
    return connection.execute(select(OFFICES.c.office_id).where(OFFICES.c.office_id == office_id)).first() is not None


def _key(row: Row[Any], office: Office) -> StoredKey:
    return StoredKey(row.key_id, bytes(row.digest), row.expires_ms, row.revoked_ms, office, Role(row.role), row.holder)


def _office(row: Row[Any]) -> Office:
    return Office(office_id=row.office_id, kind=Kind(row.kind), region=row.region, name=row.name)
