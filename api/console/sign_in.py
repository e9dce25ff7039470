"""Signing in with an office key or by name, and out again."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit.trail import trail_of
from api.auth import passwords
from api.auth.limits import Limits
from api.auth.principal import Doorkeeper, Principal, caller_of, now_ms, refuse_foreign
from api.auth.sessions import COOKIE
from api.console.navigation import first_page
from api.console.page import page
from contract.errors import Unauthenticated

ROUTER: Final = APIRouter(prefix="/console", include_in_schema=False)
_HERE: Final = "/console/sign-in"


@ROUTER.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """The form."""
    return _form(request, refused=None)


@ROUTER.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Prove the key, set the session's cookie, go to where the day begins."""
    refuse_foreign(request)
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    fields = {
        name: values[0] for name, values in parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10).items()
    }
    limits: Limits = request.app.state.limits
    callers = _callers(request, fields)
    for caller in callers:
        limits.check(*caller)
    try:
        principal = await run_in_threadpool(_proven, doorkeeper, fields)
    except Unauthenticated:
        for caller in callers:
            limits.failed(*caller)
        return _form(request, refused="key_wrong", status=401)
    response = RedirectResponse(first_page(principal), status_code=303)
    signed_in(request, response, principal)
    return response


def _form(request: Request, *, refused: str | None, status: int = 200) -> Response:
    return page(request, "sign_in.html", status=status, refused=refused, by_issuer=request.app.state.issuer is not None)


def signed_in(request: Request, response: Response, principal: Principal) -> None:
    """Begin a session: its cookie with the answer, the person in the audit's line."""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    trail = trail_of(request)
    trail.office, trail.holder = principal.office.office_id, principal.holder
    trail.key_id, trail.role = principal.key_id, principal.role
    token, life_ms = doorkeeper.session_of(principal, now_ms=now_ms())
    response.set_cookie(
        COOKIE,
        token,
        max_age=life_ms // 1000,
        httponly=True,
        samesite="strict",
        secure=request.app.state.secure_cookies or request.url.scheme == "https",
        path="/",
    )


def _callers(request: Request, fields: dict[str, str]) -> list[tuple[str, str]]:
    """Who is locked after too many wrong tries: a key from an address; a name, which can be guessed, from everywhere."""
    if "holder" not in fields:
        return [caller_of(request, fields.get("key", "").strip())]
    return [("", f"{fields.get('office', '').strip()}\n{fields['holder'].strip()}")]


def _proven(doorkeeper: Doorkeeper, fields: dict[str, str]) -> Principal:
    if "holder" in fields:
        office, holder = fields.get("office", "").strip(), fields["holder"].strip()
        return doorkeeper.by_password(office, holder, fields.get("password", "")[: passwords.MOST])
    return doorkeeper.by_key(fields.get("key", "").strip())


@ROUTER.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Forget the session."""
    refuse_foreign(request)
    response = RedirectResponse(_HERE, status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response
