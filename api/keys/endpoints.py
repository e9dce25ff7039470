"""``/v1/keys``: who of an office holds a key, for its administrator; a key's text is shown once."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Request, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord
from api.audit.trail import trail_of
from api.auth import keys, repository
from api.auth.principal import Administrator, Principal, now_ms
from api.auth.repository import StoredKey
from api.auth.roles import Role
from api.auth.secret import ServerSecret
from api.flags.filters import ID, Person
from api.idempotency import IdempotencyKey, repeatable
from api.reference import CHANGES, REFUSALS, json_response
from contract.errors import Conflict, NotFound
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/keys", tags=["keys"], responses=REFUSALS)


class KeyAsked(BaseModel):
    """Whom a key is for, and what it allows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    holder: Person
    role: Role
    days: int = Field(default=365, ge=1, le=3650)


class KeyOut(BaseModel):
    """A key without its secret."""

    key_id: str
    holder: str
    role: Role
    state: Literal["in use", "expired", "revoked"]
    expires_at: str


class NewKeyOut(KeyOut):
    """A fresh key; its text is shown this once."""

    key: str | None = Field(
        description="None where the request was sent again: the text is kept nowhere. Revoke it and ask for another."
    )


class KeysOut(BaseModel):
    """Every key of your office, oldest first."""

    items: list[KeyOut]
    next_cursor: str | None = None


@ROUTER.get("", response_model=KeysOut)
def list_keys(request: Request, by: Administrator) -> Response:
    """Keys of your office, those that ended among them."""
    now = now_ms()
    with request.app.state.database.reading() as connection:
        found = [_out(key, now) for key in repository.keys_of(connection, by.office)]
    trail_of(request).counted(len(found))
    return json_response(KeysOut(items=found).model_dump_json().encode())


@ROUTER.post("", response_model=NewKeyOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def give_key(request: Request, asked: KeyAsked, by: Administrator, idempotency_key: IdempotencyKey = None) -> Response:
    """Give a person of your office a key."""
    now = now_ms()
    sent = repeatable(idempotency_key, by, b"key", asked.model_dump_json().encode())
    with request.app.state.database.writing() as connection:
        body = sent.once(connection, lambda: _given(request, connection, asked, by, now), now_ms=now, kept=_without_its_text)
    trail_of(request).counted(1)
    return json_response(body, status.HTTP_201_CREATED)


def _given(request: Request, connection: Connection, asked: KeyAsked, by: Principal, now: int) -> bytes:
    secret: ServerSecret = request.app.state.secret
    text, key = keys.new_key()
    expires = now + round(timedelta(days=asked.days).total_seconds() * 1000)
    digest = keys.digest(key, secret)
    repository.add_key(
        connection,
        by.office.office_id,
        key_id=key.key_id,
        digest=digest,
        now_ms=now,
        expires_ms=expires,
        role=asked.role,
        holder=asked.holder,
    )
    audit.append(connection, [_act(request, by, "key.given", key.key_id, asked.holder, asked.role, now)])
    stored = StoredKey(key.key_id, digest, expires, None, by.office, asked.role, asked.holder)
    return NewKeyOut(**dict(_out(stored, now)), key=text).model_dump_json().encode()


def _without_its_text(answer: bytes) -> bytes:
    return NewKeyOut.model_validate_json(answer).model_copy(update={"key": None}).model_dump_json().encode()


@ROUTER.delete("/{key_id}", response_model=KeyOut, responses=CHANGES)
def revoke_key(
    request: Request, key_id: Annotated[str, Path(pattern=ID)], by: Administrator, idempotency_key: IdempotencyKey = None
) -> Response:
    """Revoke a key of your office at once, its sessions and streams with it; not the one that you ask with."""
    now = now_ms()

    def revoke() -> bytes:
        found = next((key for key in repository.keys_of(connection, by.office) if key.key_id == key_id), None)
        if found is None:
            raise NotFound("no such key")
        if key_id == by.key_id:
            raise Conflict("the key that you ask with stays; another administrator can revoke it")
        repository.revoke_keys(connection, by.office.office_id, now_ms=now, key_id=key_id)
        audit.append(connection, [_act(request, by, "key.revoked", key_id, found.holder, found.role, now)])
        after = next(key for key in repository.keys_of(connection, by.office) if key.key_id == key_id)
        return _out(after, now).model_dump_json().encode()

    sent = repeatable(idempotency_key, by, b"key.revoked", key_id.encode())
    with request.app.state.database.writing() as connection:
        body = sent.once(connection, revoke, now_ms=now)
    trail_of(request).counted(1)
    return json_response(body)


def _out(key: StoredKey, now: int) -> KeyOut:
    return KeyOut(
        key_id=key.key_id,
        holder=key.holder,
        role=key.role,
        state="in use" if key.is_good(now) else "revoked" if key.revoked_ms is not None else "expired",
        expires_at=text_ms(key.expires_ms),
    )


def _act(request: Request, by: Principal, action: str, key_id: str, holder: str, role: Role, now: int) -> AuditRecord:
    return act_of(
        by,
        trail_of(request).request_id,
        action,
        at=text_ms(now),
        target=key_id,
        detail={"holder": holder, "role": role.value},
    )
