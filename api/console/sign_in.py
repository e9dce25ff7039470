"""Signing in with an office key, and out again."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit.trail import trail_of
from api.auth.limits import Limits
from api.auth.principal import Doorkeeper, caller_of, now_ms, refuse_foreign
from api.auth.sessions import COOKIE
from api.console.navigation import first_page
from api.console.page import page
from contract.errors import Unauthenticated

ROUTER: Final = APIRouter(prefix="/console", include_in_schema=False)
_HERE: Final = "/console/sign-in"


@ROUTER.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """The form."""
    return page(request, "sign_in.html", refused=False)


@ROUTER.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Prove the key, set the session's cookie, go to where the day begins."""
    refuse_foreign(request)
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    fields = parse_qs((await request.body()).decode("ascii", "replace"), max_num_fields=10)
    text = fields.get("key", [""])[0].strip()
    limits: Limits = request.app.state.limits
    caller = caller_of(request, text)
    limits.check(*caller)
    try:
        principal = await run_in_threadpool(doorkeeper.by_key, text)
    except Unauthenticated:
        limits.failed(*caller)
        return page(request, "sign_in.html", status=401, refused=True)
    trail = trail_of(request)
    trail.office, trail.holder = principal.office.office_id, principal.holder
    trail.key_id, trail.role = principal.key_id, principal.role
    response = RedirectResponse(first_page(principal), status_code=303)
    response.set_cookie(
        COOKIE,
        doorkeeper.sessions.issue(principal.key_id, now_ms=now_ms()),
        max_age=doorkeeper.sessions.life_ms // 1000,
        httponly=True,
        samesite="strict",
        secure=request.app.state.secure_cookies or request.url.scheme == "https",
        path="/",
    )
    return response


@ROUTER.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Forget the session."""
    refuse_foreign(request)
    response = RedirectResponse(_HERE, status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response
