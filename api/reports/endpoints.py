"""``/v1/reports/accounts``: account reports of Order 737 art. 13(3), drafted here and sent by people."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response, StreamingResponse

from api.audit.trail import trail_of
from api.auth.places import Places
from api.auth.principal import Visible, Worker
from api.auth.scope import VisibleScope
from api.flags.endpoints import wants
from api.flags.filters import ID
from api.idempotency import IdempotencyKey, repeatable
from api.reference import CHANGES, REFUSALS, json_response
from api.reports import rows
from api.reports.forms import as_page, as_xlsx, as_xml
from api.reports.requests import DraftAsked, ReportStep, Rewriting
from api.reports.rows import Line, Report
from api.reports.schemas import ReportOut, ReportPageOut, report_out, short_out, shown_content
from api.reports.service import Desk
from api.reports.states import State
from api.workbook import MEDIA_TYPE

ROUTER: Final = APIRouter(prefix="/v1/reports/accounts", tags=["reports"], responses=REFUSALS)
ReportId = Annotated[str, Path(pattern=ID)]
_FORMS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "application/xml": {"schema": {"type": "string"}},
            "text/html": {"schema": {"type": "string"}},
            MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "The report, by `Accept`: JSON, XML of the schema in the repository, workbook, or a page to print.",
    }
}


class ReportsQuery(BaseModel):
    """Which reports, what changed last first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: list[State] = Field(default=[], description="Repeat for several.")
    limit: int = Field(default=50, ge=1, le=500)
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None


@ROUTER.get("", response_model=ReportPageOut)
def list_reports(request: Request, query: Annotated[ReportsQuery, Query()], visible: Visible) -> Response:
    """Reports that your office wrote or was sent, what changed last first."""
    states = ",".join(sorted(query.state))
    places = Places(request.app.state.secret, "reports", f"{visible.office_id}\n{states}")
    after = places.after(query.cursor)
    with request.app.state.database.reading() as connection:
        found = rows.page_of(connection, states=query.state, after=after, limit=query.limit + 1, visible=visible)
    shown = found[: query.limit]
    following = None
    if len(found) > query.limit:
        following = places.cursor((shown[-1].changed_ms, shown[-1].report_id))
    trail_of(request).returned(report.account_id for report in shown)
    items = [short_out(report, own=visible.office_id) for report in shown]
    return json_response(ReportPageOut(items=items, next_cursor=following).model_dump_json().encode())


@ROUTER.post("", response_model=ReportOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def draft_report(
    request: Request, asked: DraftAsked, visible: Visible, by: Worker, idempotency_key: IdempotencyKey = None
) -> Response:
    """Draft a report about an account, elements and narratives from its flags. Nothing is sent."""
    desk: Desk = request.app.state.reports
    trail = trail_of(request)
    sent = repeatable(idempotency_key, by, b"report", asked.model_dump_json().encode())
    with request.app.state.database.writing() as connection:

        def draft() -> bytes:
            report = desk.draft(connection, asked, by=by, visible=visible, trail=trail)
            return _json(report, rows.history_of(connection, report.report_id), visible)

        body = sent.once(connection, draft, now_ms=desk.clock_ms())
    trail.returned([asked.account_id])
    return json_response(body, status.HTTP_201_CREATED)


@ROUTER.get("/{report_id}", response_model=ReportOut, responses=_FORMS)
def get_report(request: Request, report_id: ReportId, visible: Visible) -> Response:
    """One report. Absent and unseen are the same 404; an addressee reads what was last sent."""
    return report_as(request, report_id, request.headers.get("accept", ""), visible)


def report_as(request: Request, report_id: str, accept: str, visible: VisibleScope) -> Response:
    """One report in the form that ``accept`` names, JSON where it names none."""
    with request.app.state.database.reading() as connection:
        report = rows.get(connection, report_id, visible=visible)
        history = rows.history_of(connection, report_id)
    trail_of(request).returned([report.account_id])
    return _in_form(accept, report, history, visible)


@ROUTER.put("/{report_id}", response_model=ReportOut, responses=CHANGES)
def rewrite_report(
    request: Request,
    report_id: ReportId,
    asked: Rewriting,
    visible: Visible,
    by: Worker,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Rewrite narratives or urgency of your draft, or of what was sent back to you."""
    desk: Desk = request.app.state.reports
    trail = trail_of(request)
    sent = repeatable(idempotency_key, by, b"rewriting", report_id.encode(), asked.model_dump_json().encode())
    with request.app.state.database.writing() as connection:
        # Also of a request that is sent again: what the office does not see any more is not told again, and the audit names it.
        seen = rows.get(connection, report_id, visible=visible)

        def rewrite() -> bytes:
            report = desk.rewrite(connection, report_id, asked, by=by, visible=visible, trail=trail)
            return _json(report, rows.history_of(connection, report_id), visible)

        body = sent.once(connection, rewrite, now_ms=desk.clock_ms())
    trail.returned([seen.account_id])
    return json_response(body)


@ROUTER.post("/{report_id}/transitions", response_model=ReportOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def move_report(
    request: Request,
    report_id: ReportId,
    asked: ReportStep,
    visible: Visible,
    by: Worker,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Send or correct a report of yours, by a second person; receive one that was sent to you, or send it back."""
    desk: Desk = request.app.state.reports
    trail = trail_of(request)
    sent = repeatable(idempotency_key, by, report_id.encode(), asked.model_dump_json().encode())
    with request.app.state.database.writing() as connection:

        def move() -> bytes:
            report = desk.step(connection, report_id, asked, by=by, visible=visible, trail=trail)
            return _json(report, rows.history_of(connection, report_id), visible)

        body = sent.once(connection, move, now_ms=desk.clock_ms())
    trail.counted(1)
    return json_response(body, status.HTTP_201_CREATED)


def _json(report: Report, history: list[Line], visible: VisibleScope) -> bytes:
    return report_out(report, history, own=visible.office_id).model_dump_json().encode()


def _in_form(accept: str, report: Report, history: list[Line], visible: VisibleScope) -> Response:
    content = shown_content(report, visible.office_id)
    told = report_out(report, history, own=visible.office_id)
    saved = {"Cache-Control": "no-store"}
    for form, name in ((MEDIA_TYPE, "xlsx"), ("application/xml", "xml")):
        if wants(accept, form):
            saved["Content-Disposition"] = f'attachment; filename="account-report-{report.report_id}.{name}"'
            if name == "xml":
                return Response(as_xml(told, content), 200, saved, form)
            return StreamingResponse(as_xlsx(content), media_type=form, headers=saved)
    if wants(accept, "text/html"):
        return Response(as_page(told, content), 200, saved, "text/html; charset=utf-8")
    return json_response(told.model_dump_json().encode())
