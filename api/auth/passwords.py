"""Passwords of people who sign in to the console by name: argon2, beside a key that they belong to and end with."""

from __future__ import annotations

import functools
import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, delete, insert, select

from api.tables import KEYS, PASSWORDS
from contract.errors import Unprocessable

LEAST, MOST = 12, 128
_COMMON: Final = frozenset({"password", "fundwatch", "1234567890", "qwertyuiop", "administrator"})
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""A check takes 64 MiB and a tenth of a second on purpose; who floods the door must not take the whole house."""
_HASHER: Final = PasswordHasher()


def hashed(password: str) -> str:
    """What is kept of a password; raises ``Unprocessable`` for one that is easily guessed."""
    lowered = password.casefold()
    if len(set(password)) < 6 or any(lowered.startswith(word) and len(lowered) < len(word) + 6 for word in _COMMON):
        raise Unprocessable("password: too easily guessed")
    with _AT_ONCE:
        return _HASHER.hash(password)


def compared(password: str, salt: bytes) -> bytes:
    """What tells by itself whether a password was sent before: as slow to try as what is kept of one."""
    with _AT_ONCE:
        return _HASHER.hash(password, salt=salt).encode()


def is_right(digest: str | None, password: str) -> bool:
    """Whether it is the password; as slow for a name that nobody has, so that time tells nothing."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(digest or _nobodys(), password) and digest is not None
        except (Argon2Error, InvalidHashError):
            return False


@functools.cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this one")


def keep(connection: Connection, key_id: str, digest: str, *, now_ms: int) -> None:
    """Let a key's holder sign in with a password from now on; the one before is void."""
    connection.execute(delete(PASSWORDS).where(PASSWORDS.c.key_id == key_id))
    connection.execute(insert(PASSWORDS).values(key_id=key_id, digest=digest, set_ms=now_ms))


def of_person(connection: Connection, office_id: str, holder: str, *, now_ms: int) -> tuple[str, str] | None:
    """Key id and digest of the password that a person set last, of a key that is good."""
    good = (KEYS.c.revoked_ms.is_(None), KEYS.c.expires_ms > now_ms)
    statement = (
        select(PASSWORDS.c.key_id, PASSWORDS.c.digest)
        .join(KEYS, KEYS.c.key_id == PASSWORDS.c.key_id)
        .where(KEYS.c.office_id == office_id, KEYS.c.holder == holder, *good)
    )
    row = connection.execute(statement.order_by(PASSWORDS.c.set_ms.desc()).limit(1)).one_or_none()
    return None if row is None else (row.key_id, row.digest)
