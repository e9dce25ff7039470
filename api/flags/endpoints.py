"""``/v1/flags``: the list and one flag."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from api.audit.trail import Trail, trail_of
from api.auth.principal import Visible
from api.auth.scope import VisibleScope
from api.flags import repository
from api.flags.csv_export import csv_chunks
from api.flags.filters import ID, Page
from api.flags.repository import FlagRow
from api.flags.schemas import FlagPage, FlagWithHistory, flag_with_history_json, page_json
from api.flags.service import Lists
from api.flags.xlsx_export import MEDIA_TYPE, xlsx_chunks
from api.list_route import ListRoute
from api.reference import EXPORT_RESPONSE, REFUSALS, json_response

ROUTER: Final = APIRouter(prefix="/v1/flags", tags=["flags"], responses=REFUSALS)
_DEFAULT_ROWS: Final = 50
_CSV_HEADERS: Final = {"Content-Disposition": 'attachment; filename="flags.csv"', "Cache-Control": "no-store"}
_XLSX_HEADERS: Final = {"Content-Disposition": 'attachment; filename="flags.xlsx"', "Cache-Control": "no-store"}


def list_flags(request: Request, page: Annotated[Page, Query()], visible: Visible) -> Response:
    """Flags that your office may see, highest score first unless told. `Accept` of CSV or XLSX exports the same rows."""
    lists: Lists = request.app.state.lists
    trail = trail_of(request)
    accept = request.headers.get("accept", "")
    if wants(accept, "text/csv"):
        return csv_response(lists, page, visible, trail)
    if wants(accept, MEDIA_TYPE):
        return xlsx_response(lists, page, visible, trail)
    limit = page.limit or _DEFAULT_ROWS
    rows, cursor = lists.page(page, limit=limit, visible=visible)
    trail.returned(row.account_id for row in rows)
    return json_response(page_json(rows, cursor))


ROUTER.add_api_route(
    "", list_flags, methods=["GET"], response_model=FlagPage, responses=EXPORT_RESPONSE, route_class_override=ListRoute
)


@ROUTER.get("/{flag_id}", response_model=FlagWithHistory)
def get_flag(request: Request, flag_id: Annotated[str, Path(pattern=ID)], visible: Visible) -> Response:
    """One flag with findings and history. Absent and unseen are the same 404."""
    with request.app.state.database.reading() as connection:
        row, revisions = repository.get(connection, flag_id, visible=visible)
    trail_of(request).returned([row.account_id])
    return json_response(flag_with_history_json(row, revisions))


def wants(accept: str, media_type: str) -> bool:
    """Whether a form of export is asked for by name; anything else gets JSON."""
    return any(part.partition(";")[0].strip().lower() == media_type for part in accept.split(","))


def noted(pages: Iterator[list[FlagRow]], trail: Trail) -> Iterator[list[FlagRow]]:
    """The pages of an export, counted for its closing audit line; the filters say which accounts they were."""
    trail.is_streamed = True
    trail.counted(0)
    for rows in pages:
        trail.counted(len(rows))
        yield rows


def csv_response(lists: Lists, page: Page, visible: VisibleScope, trail: Trail, *, prefix: bytes = b"") -> Response:
    """The selected rows as a streamed CSV; the first chunk is read at once, so that a refusal is still one."""
    chunks = csv_chunks(noted(lists.everything(page, visible=visible), trail))
    head = next(chunks)
    first = next(chunks, b"")
    body = itertools.chain([prefix + head, first], chunks)
    return StreamingResponse(body, media_type="text/csv; charset=utf-8; header=present", headers=_CSV_HEADERS)


def xlsx_response(lists: Lists, page: Page, visible: VisibleScope, trail: Trail) -> Response:
    """The selected rows as a streamed workbook; the first chunk is read at once, so that a refusal is still one."""
    chunks = xlsx_chunks(noted(lists.everything(page, visible=visible), trail))
    first = next(chunks)
    return StreamingResponse(itertools.chain([first], chunks), media_type=MEDIA_TYPE, headers=_XLSX_HEADERS)
