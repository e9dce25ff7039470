"""``/v1/watchlist/signed``: the watch list for institutions (一处发现，处处受限), and the key to check it by."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import CurrentPrincipal, Recipient, now_ms
from api.reference import REFUSALS, json_response
from api.watchlist.signing import ListSigner, current

ROUTER: Final = APIRouter(prefix="/v1/watchlist", tags=["watch list"], responses=REFUSALS)
_JWS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"application/jose": {"schema": {"type": "string"}}},
        "description": "A compact JWS (EdDSA); its payload has `issued_at`, `valid_until`, `as_of`, `found`, `cleared`.",
    }
}


class KeySetOut(BaseModel):
    """A JSON Web Key Set."""

    keys: list[dict[str, str]]


@ROUTER.get("/signed", response_class=Response, responses=_JWS)
def get_signed_list(request: Request, _by: Recipient) -> Response:
    """Who is found, and who was cleared since: whoever is not in `found` any more is restricted by it no longer.

    Subjects of administrative findings alone (FOUND); a flag or a lead is none. An administrator gives an institution a
    key of the role `recipient`, which opens this list and nothing else.
    """
    signer = ListSigner(request.app.state.secret)
    with request.app.state.database.reading() as connection:
        document = current(connection, now_ms=now_ms())
    trail_of(request).counted(len(document.found) + len(document.cleared))
    return Response(signer.sign(document), 200, {"Cache-Control": "no-store"}, "application/jose")


@ROUTER.get("/keys", response_model=KeySetOut)
def get_list_keys(request: Request, _by: CurrentPrincipal) -> Response:
    """The public key of the signed list."""
    return json_response(msgspec.json.encode(ListSigner(request.app.state.secret).public_keys()))
