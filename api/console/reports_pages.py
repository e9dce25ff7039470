"""Account reports: drafted from an account's flags, read, sent by a second person, received or sent back."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.auth.principal import CurrentPrincipal, Principal, Visible, Worker
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.answers import told
from api.console.asking import asked_of
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.errors import JSON
from api.flags.filters import ID
from api.flags.xlsx_export import MEDIA_TYPE
from api.reports.endpoints import ReportsQuery, draft_report, list_reports, move_report, report_as, rewrite_report
from api.reports.large_value import DueQuery, list_large_value
from api.reports.requests import DraftAsked, ReportStep, Rewriting
from api.reports.states import BY_ADDRESSEE, BY_AUTHOR, EDITABLE, State
from contract.errors import RequestError

ROUTER: Final = APIRouter(prefix="/console/reports", include_in_schema=False)
ReportId = Annotated[str, Path(pattern=ID)]
_ROWS: Final = 50
_DUE: Final = 15
_FORMS: Final = {"xlsx": MEDIA_TYPE, "xml": "application/xml", "html": "text/html"}


@ROUTER.get("")
def reports_page(request: Request, visible: Visible) -> Response:
    """Reports that the office wrote or was sent, and large-value transactions by the day that they are due."""
    asked = asked_of(request, ReportsQuery, lists=("state",))
    found = told(list_reports(request, asked.model_copy(update={"limit": _ROWS}), visible))
    due: list[dict[str, Any]] = []
    if "large_value" in visible.categories:
        due = told(list_large_value(request, DueQuery(limit=_DUE), visible))["items"]
    url = request.url
    return page(
        request,
        "reports.html",
        asked=asked,
        reports=found["items"],
        due=due,
        states=list(State),
        sees_large_value="large_value" in visible.categories,
        next_url=None if found["next_cursor"] is None else "?" + url.include_query_params(cursor=found["next_cursor"]).query,
        first_url="?" + url.remove_query_params("cursor").query,
    )


@ROUTER.post("")
def draft(request: Request, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Draft a report about an account and go to it; nothing is sent."""
    written = told(draft_report(request, asked_by(fields, DraftAsked), visible, by))
    return RedirectResponse(f"/console/reports/{written['report_id']}", status_code=303)


@ROUTER.get("/{report_id}")
def report_page(request: Request, report_id: ReportId, principal: CurrentPrincipal, visible: Visible) -> Response:
    """One report: its narratives, where it went, and the next step."""
    return _shown(request, report_id, principal, visible)


@ROUTER.get("/{report_id}/{form}")
def report_form(request: Request, report_id: ReportId, form: Literal["xlsx", "xml", "html"], visible: Visible) -> Response:
    """The report as a workbook, as XML of the schema, or as a page to print."""
    return report_as(request, report_id, _FORMS[form], visible)


@ROUTER.post("/{report_id}")
def rewrite(request: Request, report_id: ReportId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Rewrite the narratives."""
    try:
        rewrite_report(request, report_id, asked_by(fields, Rewriting), visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, report_id, by, visible, refusal=refusal)
    return RedirectResponse(f"/console/reports/{report_id}", status_code=303)


@ROUTER.post("/{report_id}/steps")
def step(request: Request, report_id: ReportId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Send, receive, ask for a correction, correct."""
    try:
        move_report(request, report_id, asked_by(fields, ReportStep), visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, report_id, by, visible, refusal=refusal)
    return RedirectResponse(f"/console/reports/{report_id}", status_code=303)


def _shown(
    request: Request, report_id: str, principal: Principal, visible: VisibleScope, *, refusal: RequestError | None = None
) -> Response:
    report = told(report_as(request, report_id, JSON, visible))
    works = principal.may(Permission.WORK)
    state = State(report["state"])
    is_ours = report["office"] == visible.office_id
    steps = [to for to, out_of in (BY_AUTHOR if is_ours else BY_ADDRESSEE).items() if state in out_of]
    return page(
        request,
        "report.html",
        report=report,
        refusal=refusal,
        steps=steps if works else [],
        may_edit=works and is_ours and state in EDITABLE,
    )
