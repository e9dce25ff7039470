"""Schemes: accounts that collect together, their graph, what they add up to, and how far the statutory lines are."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from api.accounts.repository import seen_of
from api.approvals.endpoints import MOST_ACCOUNTS
from api.audit.trail import trail_of
from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible, Worker
from api.auth.scope import VisibleScope
from api.console import approval_forms
from api.console.approval_forms import Subject
from api.console.asking import asked_of
from api.console.charts.bars import ceiling
from api.console.charts.graph import graph
from api.console.charts.line import Point, Steps, steps
from api.console.forms import SHOWN_AGAIN, Fields
from api.console.page import page
from api.console.places import areas_to_choose, region_name
from api.console.traced_view import rules_of, view
from api.flags.filters import ID, Severity
from api.schemes.filters import SchemePage, Stage
from api.schemes.service import Schemes
from api.schemes.view import accounts
from api.tracing.purses import Rule
from api.tracing.service import Tracing
from contract.errors import LedgerUnavailable, RequestError, Unprocessable

ROUTER: Final = APIRouter(prefix="/console/schemes", include_in_schema=False)
SchemeId = Annotated[str, Path(pattern=ID)]
_ROWS: Final = 50
_LISTS: Final = ("institution_type", "institution_code", "category", "typology", "severity", "stage")
_MOST_FLOWS: Final = 12


@ROUTER.get("")
def schemes_page(request: Request, visible: Visible) -> Response:
    """Schemes with a member that the office may see, highest score first unless told."""
    asked = asked_of(request, SchemePage, lists=_LISTS)
    schemes: Schemes = request.app.state.schemes
    found, cursor = schemes.page(asked, limit=_ROWS, visible=visible)
    trail_of(request).returned(dict.fromkeys(account for one in found for account in accounts(one)))
    url = request.url
    return page(
        request,
        "schemes.html",
        asked=asked,
        schemes=found,
        region_name=region_name,
        choices={
            "region": areas_to_choose(visible.area) if visible.area.isdigit() else [],
            "severity": list(get_args(Severity)),
            "stage": list(get_args(Stage)),
            "status": ["open", "closed"],
            "sort": ["-score", "-updated_at"],
        },
        next_url=None if cursor is None else "?" + url.include_query_params(cursor=cursor).query,
        first_url="?" + url.remove_query_params("cursor").query,
    )


@ROUTER.get("/{scheme_id}")
def scheme_page(
    request: Request,
    scheme_id: SchemeId,
    principal: CurrentPrincipal,
    visible: Visible,
    approval: Annotated[str | None, Query(pattern=ID)] = None,
    rule: Annotated[Rule, Query()] = "fifo",
) -> Response:
    """One scheme, as far as the office may see it; ``approval`` follows the money of the accounts that it names."""
    return _shown(request, scheme_id, principal, visible, followed=(approval, rule))


@ROUTER.post("/{scheme_id}/requests")
def ask(request: Request, scheme_id: SchemeId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Ask for an approval that names the scheme's accounts."""
    subject = _subject(request, scheme_id, visible)
    try:
        approval_forms.ask(request, fields, subject, visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, scheme_id, by, visible, refusal=refusal)
    return RedirectResponse(subject.address, status_code=303)


@ROUTER.post("/{scheme_id}/requests/{request_id}")
def decide(
    request: Request,
    scheme_id: SchemeId,
    request_id: Annotated[str, Path(pattern=ID)],
    fields: Fields,
    visible: Visible,
    by: Confirmer,
) -> Response:
    """Record the approval that was asked for, or refuse it."""
    subject = _subject(request, scheme_id, visible)
    try:
        approval_forms.decide(request, fields, subject, request_id, visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, scheme_id, by, visible, refusal=refusal)
    return RedirectResponse(subject.address, status_code=303)


def _subject(request: Request, scheme_id: str, visible: VisibleScope) -> Subject:
    scheme, _ = request.app.state.schemes.get(scheme_id, visible=visible)
    return _subject_of(scheme)


def _subject_of(scheme: dict[str, Any]) -> Subject:
    """The members that the office is shown and may ask for, those with the most money first, as many as an approval names."""
    members = sorted(scheme["members"], key=lambda one: -float(one["credited"]))
    named = dict.fromkeys(one["account_id"] for one in members)
    return approval_forms.of_scheme(scheme["scheme_id"], list(named)[:MOST_ACCOUNTS])


def _shown(
    request: Request,
    scheme_id: str,
    principal: Principal,
    visible: VisibleScope,
    *,
    followed: tuple[str | None, Rule] = (None, "fifo"),
    refusal: RequestError | None = None,
) -> Response:
    schemes: Schemes = request.app.state.schemes
    scheme, history = schemes.get(scheme_id, visible=visible)
    trail_of(request).returned(dict.fromkeys(account for one in (scheme, *history) for account in accounts(one)))
    with request.app.state.database.reading() as connection:
        standing = approval_forms.standing(connection, _subject_of(scheme), principal)
        _mark_pages(connection, scheme, visible)
    approval, rule = followed
    flows = [link for link in scheme["links"] if link["amount"] is not None]
    return page(
        request,
        "scheme.html",
        refusal=refusal,
        scheme=scheme,
        history=list(reversed(history)),
        drawing=graph(scheme["members"], scheme["links"], until=scheme["updated_at"]) if scheme["members"] else None,
        kinds=sorted({link["kind"] for link in scheme["links"]}),
        flows=sorted(flows, key=lambda link: -float(link["amount"]))[:_MOST_FLOWS],
        absorbed=_absorbed(history),
        approvals=standing,
        found=None if approval is None else _followed(request, scheme_id, approval, rule, visible),
        rule=rule,
        rules=rules_of(request),
        reached=reached,
        region_name=region_name,
    )


def _mark_pages(connection: Connection, scheme: dict[str, Any], visible: VisibleScope) -> None:
    """Note of each member whether it has a page for this office: that tells of flags, and elsewhere it sees none."""
    members = scheme["members"]
    seen = {account for _, account in seen_of(connection, accounts(scheme), visible=visible)} if members else set()
    scheme["members"] = [member | {"has_page": member["account_id"] in seen} for member in members]


def _followed(request: Request, scheme_id: str, approval: str, rule: Rule, visible: VisibleScope) -> dict[str, Any]:
    """The money of the accounts that the approval names, or why it cannot be followed.

    Beside an approval the audit's line names the accounts whose movements it opened, and no other member of the page.
    """
    tracing: Tracing = request.app.state.tracing
    trail = trail_of(request)
    trail.approval, trail.accounts = approval, []
    try:
        answer = tracing.trace(scheme_id, rule=rule, until_ms=None, approval=approval, visible=visible)
    except (LedgerUnavailable, Unprocessable) as error:
        return {"unavailable": str(error)}
    trail.accounts = answer.accounts
    trail.counted(answer.movements)
    return {"unavailable": None} | view(answer)


def reached(line: dict[str, Any]) -> float:
    """How much of a statutory line is reached, in [0, 1]; 1 where nothing is missing."""
    at = float(line["at"])
    return 1.0 if at <= 0 else max(0.0, min(1.0, (at - float(line["missing"])) / at))


def _absorbed(history: list[dict[str, Any]]) -> Steps:
    """Money absorbed by revision, where the office sees totals."""
    known = [one for one in history if one["totals"] is not None]
    points = [
        Point(number, float(one["totals"]["absorbed"]), one["category"], one["updated_at"][5:10])
        for number, one in enumerate(known)
    ]
    top = ceiling(max((point.value for point in points), default=1))
    return steps(points, top=top, width=340, height=150, left=64)
