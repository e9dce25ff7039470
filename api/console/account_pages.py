"""One account: its score over time, why it was flagged, its peers, and with an approval its flows and payers."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from api.accounts import repository
from api.accounts.movements import flows_of
from api.accounts.payers import payers_of
from api.accounts.peers import peers_of
from api.accounts.schemas import account_out
from api.accounts.service import Inquiries
from api.approvals import endpoints as approvals
from api.approvals import repository as recorded
from api.approvals import requests
from api.approvals.endpoints import ApprovalAsked
from api.approvals.levels import MOST_DAYS
from api.archive.history import ALWAYS
from api.audit import repository as audit
from api.audit.record import AuditRecord, Decision, Purpose
from api.audit.trail import trail_of
from api.auth.offices import Level
from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible, Worker, now_ms
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.charts.bars import stacked
from api.console.charts.line import Point, Steps, steps
from api.console.formats import segment
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.console.places import region_name
from api.database import Database
from api.flags.filters import ID, Code
from contract.errors import Forbidden, LedgerUnavailable, RequestError
from contract.flag import Flag
from contract.shanghai import date_of, day_of, parse_ms, text_ms

ROUTER: Final = APIRouter(prefix="/console/accounts", include_in_schema=False)
AccountId = Annotated[str, Path(pattern=ID)]
_MOST_COUNTERPARTIES: Final = 10
_MOST_DAYS: Final = 120


class _Decided(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Literal["grant", "refuse"]


def _to(account_id: str) -> Response:
    return RedirectResponse(f"/console/accounts/{segment(account_id)}", status_code=303)


@ROUTER.get("")
def find(_visible: Visible, account_id: Annotated[str, Query(pattern=ID)]) -> Response:
    """Go to the account of a pseudonym."""
    return _to(account_id)


@ROUTER.get("/{account_id:path}")
def account_page(
    request: Request,
    account_id: AccountId,
    principal: CurrentPrincipal,
    visible: Visible,
    approval: Annotated[str | None, Query(pattern=ID)] = None,
    institution_code: Annotated[Code | None, Query()] = None,
) -> Response:
    """The account as the office may see it; ``approval`` opens what moved on it."""
    return _shown(request, account_id, principal, visible, moved=(approval, institution_code))


@ROUTER.post("/{account_id:path}/requests")
def ask(request: Request, account_id: AccountId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Ask for an approval: for what, on which document, by whom."""
    database: Database = request.app.state.database
    try:
        asked = asked_by(fields | {"accounts": [account_id]}, ApprovalAsked, lists=("accounts",), lines=("investigators",))
        with database.writing() as connection:
            approvals.check(connection, asked, visible, by)
            made = requests.ask(connection, asked, office_id=visible.office_id, holder=by.holder, now_ms=now_ms())
            audit.append(connection, [_act(request, by, "approval.asked", account_id, made)])
    except SHOWN_AGAIN as refusal:
        return _shown(request, account_id, by, visible, refusal=refusal)
    trail_of(request).returned([account_id])
    return _to(account_id)


@ROUTER.post("/{account_id:path}/requests/{request_id}")
def decide(
    request: Request,
    account_id: AccountId,
    request_id: Annotated[str, Path(pattern=ID)],
    fields: Fields,
    visible: Visible,
    by: Confirmer,
) -> Response:
    """Record the approval that was asked for, or refuse it; whoever asked does neither."""
    database: Database = request.app.state.database
    try:
        decision = asked_by(fields, _Decided).decision
        with database.writing() as connection:
            found = requests.get(connection, request_id, account_id, office_id=visible.office_id)
            if found.holder == by.holder:
                raise Forbidden("a second person decides what you asked for")
            requests.decide(connection, request_id, state=requests.GRANTED if decision == "grant" else requests.REFUSED)
            if decision == "grant":
                approvals.record(connection, found.asked, visible, by, trail_of(request))
            else:
                audit.append(connection, [_act(request, by, "approval.refused", account_id, request_id)])
    except SHOWN_AGAIN as refusal:
        return _shown(request, account_id, by, visible, refusal=refusal)
    return _to(account_id)


def _shown(
    request: Request,
    account_id: str,
    principal: Principal,
    visible: VisibleScope,
    *,
    moved: tuple[str | None, str | None] = (None, None),
    refusal: RequestError | None = None,
) -> Response:
    trail_of(request).returned([account_id])
    with request.app.state.database.reading() as connection:
        found = _found(connection, account_id, visible)
        running = recorded.running(connection, [account_id], office_id=visible.office_id, now_ms=now_ms())
        asked = requests.of_account(connection, account_id, office_id=visible.office_id)
    return page(
        request,
        "account.html",
        refusal=refusal,
        **found,
        running=running,
        asked=[one for one in asked if one.state == requests.OPEN],
        opened=None if moved[0] is None else _opened(request, account_id, moved[0], moved[1], visible),
        purposes=list(Purpose),
        levels=list(Level),
        most_days=MOST_DAYS,
        may_ask=principal.may(Permission.WORK),
        may_decide=principal.may(Permission.CONFIRM),
        holder=principal.holder,
        region_name=region_name,
    )


def _found(connection: Connection, account_id: str, visible: VisibleScope) -> dict[str, Any]:
    seen = repository.flags_of(connection, account_id, visible=visible)
    entries = repository.entries_of(connection, account_id, visible=visible)
    revisions = repository.revisions_of(connection, [one.flag.flag_id for one in seen], visible=visible)
    # What an account is like stands in its strongest flag; large values are sums of single days.
    told = max((one.flag for one in seen), key=lambda flag: (flag.score is not None, flag.status == "open", flag.score or 0))
    return {
        "account": account_out(account_id, seen, entries),
        "told": told,
        "score": _score(revisions),
        "revisions": list(reversed(revisions)),
        "peers": peers_of(connection, told, visible=visible),
    }


def _score(revisions: list[Flag]) -> Steps:
    points = [
        Point(parse_ms(one.updated_at), one.score, one.category, f"{date_of(day_of(parse_ms(one.updated_at))):%m-%d}")
        for one in revisions
        if one.score is not None
    ]
    return steps(points)


def _opened(
    request: Request, account_id: str, approval: str, institution_code: str | None, visible: VisibleScope
) -> dict[str, Any]:
    """Flows and payers, where the approval holds; else why not."""
    inquiries: Inquiries = request.app.state.inquiries
    trail = trail_of(request)
    trail.approval = approval
    try:
        table = inquiries.everything(
            account_id, institution_code=institution_code, approval=approval, period=ALWAYS, visible=visible
        )
    except LedgerUnavailable as error:
        return {"unavailable": str(error)}
    flows = flows_of(table)
    trail.counted(flows.movements)
    days = flows.by_day[-_MOST_DAYS:]
    series = {side: [float(day[side]) for day in days] for side in ("credited", "debited")}
    payers = payers_of(table)
    return {
        "unavailable": None,
        "flows": flows,
        "days": stacked(series, [day["day"][5:] for day in days]),
        "counterparties": flows.by_counterparty[:_MOST_COUNTERPARTIES],
        "payers": payers,
        "ages": stacked({"people": list(payers.by_age.values())}, list(payers.by_age), width=360, height=150),
        "approval": approval,
    }


def _act(request: Request, by: Principal, action: str, account_id: str, request_id: str) -> AuditRecord:
    return AuditRecord(
        at=text_ms(now_ms()),
        request_id=trail_of(request).request_id,
        action=action,
        decision=Decision.DONE,
        office=by.office.office_id,
        holder=by.holder,
        key_id=by.key_id,
        role=by.role,
        target=request_id,
        accounts=[account_id],
    )
