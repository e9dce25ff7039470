"""Subjects of administrative findings (一处发现，处处受限): read by every office, written by a supervisor."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.answers import told
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.watchlist.endpoints import Finding, SubjectIn, list_subjects, write_subject
from contract.errors import RequestError
from contract.shanghai import date_of, day_of

ROUTER: Final = APIRouter(prefix="/console/watchlist", include_in_schema=False)
_ROWS: Final = 50
Cursor = Annotated[str | None, Query(max_length=512)]
Status = Annotated[Finding | Literal[""] | None, Query()]
"""Blank, as the form sends it, asks for both."""


@ROUTER.get("")
def watchlist_page(
    request: Request, principal: CurrentPrincipal, visible: Visible, status: Status = None, cursor: Cursor = None
) -> Response:
    """The list, what changed last first, and the form for a new word on a subject."""
    return _shown(request, principal, visible, status=status or None, cursor=cursor)


@ROUTER.post("")
def write(request: Request, fields: Fields, visible: Visible, by: Confirmer) -> Response:
    """Put a subject on the list, or clear it."""
    try:
        write_subject(request, asked_by(fields, SubjectIn), by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, visible, refusal=refusal)
    return RedirectResponse("/console/watchlist", status_code=303)


def _shown(
    request: Request,
    principal: Principal,
    visible: VisibleScope,
    *,
    status: Finding | None = None,
    cursor: str | None = None,
    refusal: RequestError | None = None,
) -> Response:
    found: dict[str, Any] = told(list_subjects(request, visible, status, _ROWS, cursor))
    return page(
        request,
        "watchlist.html",
        refusal=refusal,
        subjects=found["items"],
        next_url=None if found["next_cursor"] is None else _address(status, found["next_cursor"]),
        first_url=_address(status, None),
        asked=status,
        cursor=cursor,
        findings=get_args(Finding),
        kinds=get_args(SubjectIn.model_fields["kind"].annotation),
        may_write=principal.may(Permission.CONFIRM),
        today=date_of(day_of(request.app.state.board.clock_ms())).isoformat(),
    )


def _address(status: Finding | None, cursor: str | None) -> str:
    asked = [f"{name}={value}" for name, value in (("status", status), ("cursor", cursor)) if value is not None]
    return "?" + "&".join(asked)
