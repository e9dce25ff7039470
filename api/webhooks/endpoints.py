"""``/v1/webhooks``: where an office wants to be told of news, for its administrator."""

from __future__ import annotations

import secrets
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord
from api.audit.trail import trail_of
from api.auth.principal import Administrator, Principal, now_ms
from api.auth.sealing import Sealer
from api.flags.filters import ID
from api.idempotency import IdempotencyKey, repeatable
from api.reference import CHANGES, REFUSALS, json_response
from api.webhooks import repository
from api.webhooks.addresses import MOST_URL, NotAllowed, Reach
from api.webhooks.repository import Hook
from contract.errors import Conflict, Unprocessable
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], responses=REFUSALS)
HookId = Annotated[str, Path(pattern=ID)]
_MOST: Final = 20


class HookAsked(BaseModel):
    """Where to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, StringConstraints(min_length=1, max_length=MOST_URL)] = Field(
        description="Over TLS; no address inside the server's network unless its operator allows it."
    )


class HookOut(BaseModel):
    """A webhook and how it goes."""

    hook_id: str
    url: str
    created_at: str
    created_by: str
    failures: int = Field(description="In a row; after eight a delivery becomes a dead letter.")
    last_error: str | None
    delivered_at: str | None
    next_try_at: str | None = Field(description="Where the last try failed.")


class NewHookOut(HookOut):
    """A fresh webhook; its secret is shown this once."""

    secret: str | None = Field(
        description="Hexadecimal; its bytes are the key of HMAC-SHA-256 in `Fundwatch-Signature`. None where the request "
        "was sent again: remove the webhook and add it anew."
    )


class HooksOut(BaseModel):
    """Your office's webhooks, oldest first."""

    items: list[HookOut]
    next_cursor: str | None = None


class NoticeOut(BaseModel):
    """A flag that a delivery was about."""

    flag_id: str
    revision: int
    category: str
    updated_at: str


class LetterOut(BaseModel):
    """A delivery that was given up."""

    delivery: str
    at: str
    error: str
    flags: list[NoticeOut]


class LettersOut(BaseModel):
    """What could not be delivered, newest first."""

    items: list[LetterOut]
    next_cursor: str | None = None


@ROUTER.get("", response_model=HooksOut)
def list_webhooks(request: Request, by: Administrator) -> Response:
    """Your office's webhooks."""
    with request.app.state.database.reading() as connection:
        found = repository.of_office(connection, by.office.office_id)
    trail_of(request).counted(len(found))
    return json_response(HooksOut(items=[_out(hook) for hook in found]).model_dump_json().encode())


@ROUTER.post("", response_model=NewHookOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def add_webhook(request: Request, asked: HookAsked, by: Administrator, idempotency_key: IdempotencyKey = None) -> Response:
    """Be told of every flag that your office may see from now on: its id, signed. What it says is fetched with a key."""
    sent = repeatable(idempotency_key, by, b"webhook", asked.url.encode())
    with request.app.state.database.reading() as connection:
        body = sent.answered(connection)
    if body is None:
        # Asks the name's server, which no write transaction waits for.
        _refuse_what_is_inside(request.app.state.reach, asked.url)
        with request.app.state.database.writing() as connection:
            body = sent.once(
                connection, lambda: _added(request, connection, asked, by), now_ms=now_ms(), kept=_without_its_secret
            )
    trail_of(request).counted(1)
    return json_response(body, status.HTTP_201_CREATED)


def _refuse_what_is_inside(reach: Reach, url: str) -> None:
    try:
        reach.target(url)
    except NotAllowed as error:
        raise Unprocessable(f"url: {error}") from None


def _added(request: Request, connection: Connection, asked: HookAsked, by: Principal) -> bytes:
    hook_id, secret, now = secrets.token_hex(12), secrets.token_bytes(32), now_ms()
    if len(repository.of_office(connection, by.office.office_id)) >= _MOST:
        raise Conflict(f"your office has {_MOST} webhooks already")
    hook = repository.add(
        connection,
        hook_id=hook_id,
        office_id=by.office.office_id,
        url=asked.url,
        secret=Sealer(request.app.state.secret, "webhook").seal(secret, context=hook_id),
        holder=by.holder,
        now_ms=now,
    )
    audit.append(connection, [_act(request, by, "webhook.added", hook_id, now)])
    return NewHookOut(**dict(_out(hook)), secret=secret.hex()).model_dump_json().encode()


def _without_its_secret(answer: bytes) -> bytes:
    return NewHookOut.model_validate_json(answer).model_copy(update={"secret": None}).model_dump_json().encode()


@ROUTER.delete("/{hook_id}", response_model=HookOut, responses=CHANGES)
def remove_webhook(request: Request, hook_id: HookId, by: Administrator, idempotency_key: IdempotencyKey = None) -> Response:
    """Take a webhook away, with what could not be delivered to it."""
    now = now_ms()

    def remove() -> bytes:
        hook = repository.get(connection, hook_id, office_id=by.office.office_id)
        repository.remove(connection, hook_id)
        audit.append(connection, [_act(request, by, "webhook.removed", hook_id, now)])
        return _out(hook).model_dump_json().encode()

    sent = repeatable(idempotency_key, by, b"webhook.removed", hook_id.encode())
    with request.app.state.database.writing() as connection:
        body = sent.once(connection, remove, now_ms=now)
    trail_of(request).counted(1)
    return json_response(body)


@ROUTER.get("/{hook_id}/dead-letters", response_model=LettersOut)
def list_dead_letters(
    request: Request, hook_id: HookId, by: Administrator, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> Response:
    """What was given up after the last try: the flags are where they always were, in the list."""
    with request.app.state.database.reading() as connection:
        repository.get(connection, hook_id, office_id=by.office.office_id)
        found = repository.letters_of(connection, hook_id, most=limit)
    trail_of(request).counted(len(found))
    items = [
        LetterOut(delivery=one.letter_id, at=text_ms(one.at_ms), error=one.error, flags=msgspec.json.decode(one.body)["flags"])
        for one in found
    ]
    return json_response(LettersOut(items=items).model_dump_json().encode())


def _out(hook: Hook) -> HookOut:
    return HookOut(
        hook_id=hook.hook_id,
        url=hook.url,
        created_at=text_ms(hook.created_ms),
        created_by=hook.created_by,
        failures=hook.failures,
        last_error=hook.last_error,
        delivered_at=None if hook.delivered_ms is None else text_ms(hook.delivered_ms),
        next_try_at=text_ms(hook.next_ms) if hook.failures else None,
    )


def _act(request: Request, by: Principal, action: str, hook_id: str, now: int) -> AuditRecord:
    return act_of(
        by,
        trail_of(request).request_id,
        action,
        at=text_ms(now),
        target=hook_id,
    )
