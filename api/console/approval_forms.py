"""Asking for an approval by form, and deciding on what was asked: of one account, or of the accounts of a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from api.approvals import endpoints as approvals
from api.approvals import repository as recorded
from api.approvals import requests
from api.approvals.endpoints import ApprovalAsked
from api.approvals.levels import MOST_DAYS
from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord, Purpose
from api.audit.trail import trail_of
from api.auth.offices import Level
from api.auth.principal import Principal, now_ms
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.formats import segment
from api.console.forms import asked_by
from api.database import Database
from contract.errors import Forbidden
from contract.shanghai import text_ms


@dataclass(frozen=True, slots=True)
class Subject:
    """What an approval is asked for: its page's address, the name that requests are kept under, its accounts, its scheme."""

    address: str
    name: str
    accounts: tuple[str, ...]
    scheme_id: str | None = None


def of_account(account_id: str) -> Subject:
    """One account."""
    return Subject(f"/console/accounts/{segment(account_id)}", account_id, (account_id,))


def of_scheme(scheme_id: str, accounts: Sequence[str]) -> Subject:
    """A scheme's accounts; its name holds a blank, so that no account has it."""
    return Subject(f"/console/schemes/{segment(scheme_id)}", f"scheme {scheme_id}", tuple(accounts), scheme_id)


class _Decided(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Literal["grant", "refuse"]


def ask(request: Request, fields: dict[str, list[str]], subject: Subject, visible: VisibleScope, by: Principal) -> None:
    """Keep a request for an approval; raises what a form is shown again with."""
    database: Database = request.app.state.database
    of_scheme = {} if subject.scheme_id is None else {"scheme_id": [subject.scheme_id]}
    given = fields | {"accounts": list(subject.accounts)} | of_scheme
    asked = asked_by(given, ApprovalAsked, lists=("accounts",), lines=("investigators",))
    with database.writing() as connection:
        approvals.check(connection, asked, visible, by)
        made = requests.ask(
            connection, asked, subject=subject.name, office_id=visible.office_id, holder=by.holder, now_ms=now_ms()
        )
        audit.append(connection, [_act(request, by, "approval.asked", asked.accounts, made)])
    trail_of(request).returned(asked.accounts)


def decide(
    request: Request,
    fields: dict[str, list[str]],
    subject: Subject,
    request_id: str,
    visible: VisibleScope,
    by: Principal,
) -> None:
    """Record the approval that was asked for, or refuse it; whoever asked does neither."""
    database: Database = request.app.state.database
    decision = asked_by(fields, _Decided).decision
    with database.writing() as connection:
        found = requests.get(connection, request_id, subject.name, office_id=visible.office_id)
        if found.holder == by.holder:
            raise Forbidden("a second person decides what you asked for")
        requests.decide(connection, request_id, state=requests.GRANTED if decision == "grant" else requests.REFUSED)
        if decision == "grant":
            approvals.record(connection, found.asked, visible, by, trail_of(request))
            trail_of(request).returned(found.asked.accounts)
        else:
            audit.append(connection, [_act(request, by, "approval.refused", found.asked.accounts, request_id)])


def standing(connection: Connection, subject: Subject, principal: Principal) -> dict[str, Any]:
    """What the approvals' part of a page needs: those that run, what was asked, and what this person may do."""
    office_id = principal.office.office_id
    asked = requests.about(connection, subject.name, office_id=office_id)
    return {
        "subject": subject,
        "running": recorded.running(connection, subject.accounts, office_id=office_id, now_ms=now_ms()),
        "asked": [one for one in asked if one.state == requests.OPEN],
        "purposes": list(Purpose),
        "levels": list(Level),
        "most_days": MOST_DAYS,
        "may_ask": principal.may(Permission.WORK) and bool(subject.accounts),
        "may_decide": principal.may(Permission.CONFIRM),
        "holder": principal.holder,
    }


def _act(request: Request, by: Principal, action: str, accounts: Sequence[str], request_id: str) -> AuditRecord:
    return act_of(
        by,
        trail_of(request).request_id,
        action,
        at=text_ms(now_ms()),
        target=request_id,
        accounts=list(accounts),
    )
