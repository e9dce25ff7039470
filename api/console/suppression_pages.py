"""What the office leaves out of its board for a time: proposed, approved, ended, and what it hid."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible, Worker
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.answers import told
from api.console.forms import SHOWN_AGAIN
from api.console.page import page
from api.flags.filters import ID
from api.suppressions.endpoints import approve_suppression, end_suppression, list_suppressions
from contract.errors import RequestError

ROUTER: Final = APIRouter(prefix="/console/suppressions", include_in_schema=False)
_HERE: Final = "/console/suppressions"
_ROWS: Final = 50
SuppressionId = Annotated[str, Path(pattern=ID)]
Cursor = Annotated[str | None, Query(max_length=512)]


@ROUTER.get("")
def suppressions_page(request: Request, principal: CurrentPrincipal, visible: Visible, cursor: Cursor = None) -> Response:
    """The office's suppressions, newest first, each with what came while it hid its entry."""
    return _shown(request, principal, visible, cursor=cursor)


@ROUTER.post("/{suppression_id}/approve")
def approve(request: Request, suppression_id: SuppressionId, visible: Visible, by: Confirmer) -> Response:
    """Approve what somebody else proposed."""
    try:
        approve_suppression(request, suppression_id, visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, visible, refusal=refusal)
    return RedirectResponse(_HERE, status_code=303)


@ROUTER.post("/{suppression_id}/end")
def end(request: Request, suppression_id: SuppressionId, visible: Visible, by: Worker) -> Response:
    """Withdraw a proposal, or let a suppression end now."""
    try:
        end_suppression(request, suppression_id, visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, visible, refusal=refusal)
    return RedirectResponse(_HERE, status_code=303)


def _shown(
    request: Request,
    principal: Principal,
    visible: VisibleScope,
    *,
    cursor: str | None = None,
    refusal: RequestError | None = None,
) -> Response:
    found: dict[str, Any] = told(list_suppressions(request, visible, _ROWS, cursor))
    return page(
        request,
        "suppressions.html",
        refusal=refusal,
        suppressions=found["items"],
        next_url=None if found["next_cursor"] is None else f"?cursor={found['next_cursor']}",
        first_url=_HERE,
        cursor=cursor,
        holder=principal.holder,
        may_work=principal.may(Permission.WORK),
        may_confirm=principal.may(Permission.CONFIRM),
    )
