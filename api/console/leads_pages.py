"""What people told the office: written down by form or as a file, read with the flags of its subject."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible, Worker
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.answers import told
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.console.places import areas_to_choose, region_name
from api.flags.filters import ID
from api.leads.csv_import import COLUMNS
from api.leads.endpoints import LeadIn, LeadKind, get_informant, list_leads, write_lead
from api.leads.file import keep_all
from contract.errors import RequestError
from contract.shanghai import date_of, day_of

ROUTER: Final = APIRouter(prefix="/console/leads", include_in_schema=False)
_ROWS: Final = 50
Cursor = Annotated[str | None, Query(max_length=512)]


@ROUTER.get("")
def leads_page(request: Request, principal: CurrentPrincipal, visible: Visible, cursor: Cursor = None) -> Response:
    """The office's leads, newest first, and the forms for new ones."""
    return _shown(request, principal, visible, cursor=cursor)


@ROUTER.post("")
def write(request: Request, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Write one lead down."""
    try:
        write_lead(request, asked_by(fields, LeadIn), visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, visible, refusal=refusal)
    return RedirectResponse("/console/leads", status_code=303)


@ROUTER.post("/file")
def write_file(request: Request, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Write the leads of a CSV file down: all of them, or none where one row is wrong."""
    try:
        keep_all(request, fields.get("file", [""])[0], by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, visible, refusal=refusal)
    return RedirectResponse("/console/leads", status_code=303)


@ROUTER.get("/{lead_id}/informant")
def informant_page(request: Request, lead_id: Annotated[str, Path(pattern=ID)], by: Confirmer) -> Response:
    """Who told it: one look, one line in the audit."""
    return page(request, "informant.html", informant=told(get_informant(request, lead_id, by))["informant"])


def _shown(
    request: Request,
    principal: Principal,
    visible: VisibleScope,
    *,
    cursor: str | None = None,
    refusal: RequestError | None = None,
) -> Response:
    found: dict[str, Any] = told(list_leads(request, visible, _ROWS, cursor))
    return page(
        request,
        "leads.html",
        refusal=refusal,
        leads=found["items"],
        next_cursor=found["next_cursor"],
        may_write=principal.may(Permission.WORK),
        may_ask=principal.may(Permission.CONFIRM),
        kinds=list(LeadKind),
        areas=areas_to_choose(visible.area) if visible.area.isdigit() else [],
        region_name=region_name,
        columns=COLUMNS,
        today=date_of(day_of(request.app.state.board.clock_ms())).isoformat(),
    )
