"""``/v1/schemes``: accounts that collect together, and what they add up to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from api.audit.trail import Trail, trail_of
from api.auth.principal import Visible
from api.flags.endpoints import wants
from api.flags.filters import ID
from api.list_route import ListRoute
from api.reference import REFUSALS, json_response
from api.schemes.csv_export import csv_chunks
from api.schemes.filters import SchemePage
from api.schemes.schemas import SchemePageOut, SchemeWithHistory, page_json, scheme_json
from api.schemes.service import Schemes
from api.schemes.view import accounts

ROUTER: Final = APIRouter(prefix="/v1/schemes", tags=["schemes"], responses=REFUSALS)
_DEFAULT_ROWS: Final = 50
_CSV_HEADERS: Final = {"Content-Disposition": 'attachment; filename="schemes.csv"', "Cache-Control": "no-store"}
_CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A page, or all rows as CSV."}
}


def list_schemes(request: Request, page: Annotated[SchemePage, Query()], visible: Visible) -> Response:
    """Schemes with a member that your office may see, highest score first unless told.

    The lead office that handles a scheme sees all of it, one that assists its figures, a regulator its own members.
    """
    schemes: Schemes = request.app.state.schemes
    trail = trail_of(request)
    if wants(request.headers.get("accept", ""), "text/csv"):
        chunks = csv_chunks(_noted(schemes.everything(page, visible=visible), trail))
        head = next(chunks) + next(chunks, b"")
        body = itertools.chain([head], chunks)
        return StreamingResponse(body, media_type="text/csv; charset=utf-8; header=present", headers=_CSV_HEADERS)
    items, cursor = schemes.page(page, limit=page.limit or _DEFAULT_ROWS, visible=visible)
    trail.returned(dict.fromkeys(account for item in items for account in accounts(item)))
    return json_response(page_json(items, cursor))


ROUTER.add_api_route(
    "", list_schemes, methods=["GET"], response_model=SchemePageOut, responses=_CSV, route_class_override=ListRoute
)


@ROUTER.get("/{scheme_id}", response_model=SchemeWithHistory)
def get_scheme(request: Request, scheme_id: Annotated[str, Path(pattern=ID)], visible: Visible) -> Response:
    """One scheme with members, links, totals and history. Absent and unseen are the same 404."""
    schemes: Schemes = request.app.state.schemes
    item, history = schemes.get(scheme_id, visible=visible)
    trail_of(request).returned(dict.fromkeys(account for one in (item, *history) for account in accounts(one)))
    return json_response(scheme_json(item, history))


def _noted(pages: Iterator[list[dict[str, Any]]], trail: Trail) -> Iterator[list[dict[str, Any]]]:
    trail.is_streamed = True
    trail.counted(0)
    for items in pages:
        trail.counted(len(items))
        yield items
