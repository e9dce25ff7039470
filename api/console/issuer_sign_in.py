"""Signing in to the console through the issuer: away to it, and back."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.auth.issuer import BEGUN_S, Begun, SignIn
from api.auth.limits import Limits
from api.auth.principal import Doorkeeper, Principal, now_ms
from api.console.navigation import first_page
from api.console.page import page
from api.console.sign_in import signed_in
from contract.errors import NotFound, Unauthenticated

ROUTER: Final = APIRouter(prefix="/console/sign-in/issuer", include_in_schema=False)
_COOKIE: Final = "fundwatch_sign_in"
_PATH: Final = "/console/sign-in/issuer"
_LOCKED: Final = "issuer sign-in"


@ROUTER.get("")
def begin(request: Request) -> Response:
    """Away to the issuer; this browser alone can come back with what it is given there."""
    address, kept = _issuer(request).begin(now_ms=now_ms())
    response = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    # Lax: the browser comes back by a link of another site, and a strict cookie would stay away.
    response.set_cookie(_COOKIE, kept, max_age=BEGUN_S, path=_PATH, httponly=True, samesite="lax", secure=_is_secure(request))
    return response


@ROUTER.get("/back")
def come_back(request: Request) -> Response:
    """Prove who came back and begin a session as with a key."""
    issuer = _issuer(request)
    begun = issuer.begun(request.query_params, request.cookies.get(_COOKIE, ""), now_ms=now_ms())
    principal = None if begun is None else _proven(request, issuer, begun)
    if principal is None:
        response: Response = page(request, "sign_in.html", status=401, refused="issuer_refused", by_issuer=True)
    else:
        # A page and no redirect: that would still be the other site's, and the session's strict cookie would not be sent.
        response = page(request, "signed_in.html", first=first_page(principal))
        signed_in(request, response, principal)
    response.delete_cookie(_COOKIE, path=_PATH, httponly=True, samesite="lax")
    return response


def _proven(request: Request, issuer: SignIn, begun: Begun) -> Principal | None:
    """Who finishes what this browser began. Only here failures count: each asks the issuer, and no image on another
    site's page makes browsers of an office come so far, which would lock out everybody behind its address.
    """
    limits: Limits = request.app.state.limits
    caller = (request.client.host if request.client else ""), _LOCKED
    limits.check(*caller)
    try:
        return _doorkeeper(request).by_issuer(issuer.finish(request.query_params, begun), now_ms=now_ms())
    except Unauthenticated:
        limits.failed(*caller)
        return None


def _issuer(request: Request) -> SignIn:
    issuer: SignIn | None = request.app.state.issuer
    if issuer is None:
        raise NotFound("no issuer to sign in through")
    return issuer


def _doorkeeper(request: Request) -> Doorkeeper:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    return doorkeeper


def _is_secure(request: Request) -> bool:
    return bool(request.app.state.secure_cookies) or request.url.scheme == "https"
