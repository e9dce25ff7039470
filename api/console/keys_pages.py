"""The office's keys, for its administrator: given, shown once, and taken away."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.auth.principal import Administrator, Principal
from api.auth.roles import Role
from api.console.answers import told
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.flags.filters import ID
from api.keys.endpoints import KeyAsked, give_key, list_keys, revoke_key
from contract.errors import RequestError

ROUTER: Final = APIRouter(prefix="/console/keys", include_in_schema=False)


@ROUTER.get("")
def keys_page(request: Request, by: Administrator) -> Response:
    """Every key of the office and the form for a new one."""
    return _shown(request, by)


@ROUTER.post("")
def give(request: Request, fields: Fields, by: Administrator) -> Response:
    """Give a key; its text stands on this one answer and nowhere else."""
    try:
        given = told(give_key(request, asked_by(fields, KeyAsked), by))
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, refusal=refusal)
    return _shown(request, by, given=given)


@ROUTER.post("/{key_id}/revoke")
def revoke(request: Request, key_id: Annotated[str, Path(pattern=ID)], by: Administrator) -> Response:
    """Revoke a key at once, its sessions with it."""
    try:
        revoke_key(request, key_id, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, refusal=refusal)
    return RedirectResponse("/console/keys", status_code=303)


def _shown(
    request: Request, by: Principal, *, given: dict[str, Any] | None = None, refusal: RequestError | None = None
) -> Response:
    keys = told(list_keys(request, by))["items"]
    return page(
        request, "keys.html", keys=list(reversed(keys)), roles=list(Role), given=given, refusal=refusal, own_key=by.key_id
    )
