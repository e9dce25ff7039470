"""``/v1/password``: a person sets the password of their own key, to sign in to the console by name."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.responses import Response

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.trail import trail_of
from api.auth import passwords
from api.auth.keys import parse
from api.auth.principal import CurrentPrincipal, Principal, now_ms
from api.idempotency import IdempotencyKey, repeatable
from api.reference import CHANGES, REFUSALS, json_response
from contract.errors import Forbidden
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/password", tags=["keys"], responses=REFUSALS)


class PasswordAsked(BaseModel):
    """A new password."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    password: Annotated[str, StringConstraints(min_length=passwords.LEAST, max_length=passwords.MOST)]


class PasswordOut(BaseModel):
    """Whose password it is now."""

    office: str
    holder: str
    set_at: str


@ROUTER.put("", response_model=PasswordOut, responses=CHANGES)
def set_password(
    request: Request, asked: PasswordAsked, by: CurrentPrincipal, idempotency_key: IdempotencyKey = None
) -> Response:
    """Set the password of the key that you ask with. Only the key itself does: neither a session nor a token is enough."""
    if parse(request.headers.get("authorization", "").partition(" ")[2].strip()) is None:
        raise Forbidden("show your key itself: a session or a token sets no password")
    digest, now = passwords.hashed(asked.password), now_ms()
    act = act_of(
        by,
        trail_of(request).request_id,
        "password.set",
        at=text_ms(now),
        target=by.key_id,
    )
    sent = repeatable(idempotency_key, by, b"password", by.key_id.encode(), _told(request, asked, by, idempotency_key))
    with request.app.state.database.writing() as connection:

        def set_it() -> bytes:
            passwords.keep(connection, by.key_id, digest, now_ms=now)
            audit.append(connection, [act])
            out = PasswordOut(office=by.office.office_id, holder=by.holder, set_at=text_ms(now))
            return out.model_dump_json().encode()

        body = sent.once(connection, set_it, now_ms=now)
    return json_response(body)


def _told(request: Request, asked: PasswordAsked, by: Principal, key: str | None) -> bytes:
    """The password as a request sent again is known by it; never as a digest that is quick to try."""
    if key is None:
        return b""
    salt = request.app.state.secret.mac("password-sent", f"{by.key_id}\n{key}".encode())[:16]
    return passwords.compared(asked.password, salt)
