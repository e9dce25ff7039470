"""Who of the office asked for what, for its auditors; nothing can be changed here."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.audit.endpoints import AuditQuery, list_audit
from api.audit.record import Decision
from api.auth.principal import Auditor
from api.console.answers import told
from api.console.asking import asked_of
from api.console.page import page

ROUTER: Final = APIRouter(prefix="/console/audit", include_in_schema=False)
_ROWS: Final = 100


@ROUTER.get("")
def audit_page(request: Request, principal: Auditor) -> Response:
    """The office's audit, newest first, with its filters."""
    asked = asked_of(request, AuditQuery, lists=("decision",))
    found = told(list_audit(request, asked.model_copy(update={"limit": _ROWS}), principal))
    url = request.url
    return page(
        request,
        "audit.html",
        asked=asked,
        lines=found["items"],
        decisions=list(Decision),
        next_url=None if found["next_cursor"] is None else "?" + url.include_query_params(cursor=found["next_cursor"]).query,
        first_url="?" + url.remove_query_params("cursor").query,
    )
