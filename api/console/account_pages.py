"""One account: its score over time, why it was flagged, its peers, and with an approval its flows and payers."""

from __future__ import annotations

from typing import Annotated, Any, Final

import pyarrow as pa
from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from api.accounts import repository
from api.accounts.movements import MOST_FLOWS, flows_of
from api.accounts.payers import payers_of
from api.accounts.peers import peers_of
from api.accounts.schemas import account_out
from api.accounts.service import Inquiries
from api.archive.history import ALWAYS
from api.audit.trail import trail_of
from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible, Worker
from api.auth.scope import VisibleScope
from api.console import approval_forms
from api.console.charts.bars import stacked
from api.console.charts.line import Point, Steps, steps
from api.console.forms import SHOWN_AGAIN, Fields
from api.console.page import page
from api.console.places import region_name
from api.console.traced_view import rules_of, view
from api.flags.filters import ID, Code
from api.tracing.parties import Member
from api.tracing.purses import Rule
from api.tracing.service import single
from contract.errors import LedgerUnavailable, RequestError, Unprocessable
from contract.flag import Flag
from contract.shanghai import date_of, day_of, parse_ms

ROUTER: Final = APIRouter(prefix="/console/accounts", include_in_schema=False)
AccountId = Annotated[str, Path(pattern=ID)]
_MOST_COUNTERPARTIES: Final = 10
_MOST_DAYS: Final = 120


def _to(account_id: str) -> Response:
    return RedirectResponse(approval_forms.of_account(account_id).address, status_code=303)


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
    rule: Annotated[Rule | None, Query()] = None,
) -> Response:
    """The account as the office may see it; ``approval`` opens what moved on it, ``rule`` follows payers' money as well."""
    return _shown(request, account_id, principal, visible, moved=(approval, institution_code), rule=rule)


@ROUTER.post("/{account_id:path}/requests")
def ask(request: Request, account_id: AccountId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Ask for an approval: for what, on which document, by whom."""
    try:
        approval_forms.ask(request, fields, approval_forms.of_account(account_id), visible, by)
    except SHOWN_AGAIN as refusal:
        return _shown(request, account_id, by, visible, refusal=refusal)
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
    try:
        approval_forms.decide(request, fields, approval_forms.of_account(account_id), request_id, visible, by)
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
    rule: Rule | None = None,
    refusal: RequestError | None = None,
) -> Response:
    trail_of(request).returned([account_id])
    with request.app.state.database.reading() as connection:
        found = _found(connection, account_id, visible)
        standing = approval_forms.standing(connection, approval_forms.of_account(account_id), principal)
    return page(
        request,
        "account.html",
        refusal=refusal,
        **found,
        approvals=standing,
        opened=None if moved[0] is None else _opened(request, account_id, moved[0], moved[1], rule, visible),
        rule=rule,
        rules=rules_of(request),
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
    request: Request, account_id: str, approval: str, institution_code: str | None, rule: Rule | None, visible: VisibleScope
) -> dict[str, Any]:
    """Flows and payers, where the approval holds; else why not."""
    inquiries: Inquiries = request.app.state.inquiries
    trail = trail_of(request)
    trail.approval = approval
    try:
        code, customer = inquiries.leave(account_id, institution_code, approval, visible)
        table = inquiries.movements(code, account_id, customer, ALWAYS, MOST_FLOWS + 1, 0)
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
    } | _followed(Member(code, account_id, customer), table, rule)


def _followed(member: Member, table: pa.Table, rule: Rule | None) -> dict[str, Any]:
    """Where the money of who paid in went; None where there is too much of it to follow, or no rule to follow it by."""
    if rule is None:
        return {"traced": None}
    try:
        answer = single(member, table, rule)
    except Unprocessable:
        return {"traced": None}
    return {"traced": view(answer), "followed": answer.scheme["members"]}
