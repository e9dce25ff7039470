"""``/v1/approvals``: recorded by a supervisor, bound to accounts, over after thirty days at the latest."""

from __future__ import annotations

import secrets
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts import repository as accounts
from api.approvals import repository
from api.approvals.levels import LEAST_INVESTIGATORS, MOST_DAYS, may_approve
from api.approvals.repository import Approval
from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord, Purpose
from api.audit.trail import Trail, trail_of
from api.auth.offices import Level
from api.auth.principal import Confirmer, CurrentPrincipal, Principal, Visible, now_ms
from api.auth.scope import VisibleScope
from api.flags.filters import Id
from api.idempotency import IdempotencyKey, repeatable
from api.reference import CHANGES, REFUSALS, json_response
from api.schemes.membership import shown_members
from api.texts import Pseudonym, Short
from contract.errors import NotFound, Unprocessable
from contract.shanghai import DAY_MS, text_ms

MOST_ACCOUNTS: Final = 100
"""Accounts that one approval may name."""
ROUTER: Final = APIRouter(prefix="/v1/approvals", tags=["approvals"], responses=REFUSALS)


class ApprovalAsked(BaseModel):
    """What was approved outside this system, by whom, for what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: Purpose
    reference: Short = Field(description="Number of the approval's document.")
    approver: Short = Field(description="Office and title of who approved.")
    approver_level: Level = Field(description="Level of the approving office; the law says which one it takes.")
    investigators: list[Short] = Field(min_length=LEAST_INVESTIGATORS, max_length=10, description="Two at least.")
    accounts: list[Pseudonym] = Field(min_length=1, max_length=MOST_ACCOUNTS)
    scheme_id: Id | None = Field(
        default=None,
        description="The accounts are members of this scheme that you are shown: all of them where your office handles it, "
        "wherever they are. Without it they are accounts that you may see a flag of.",
    )
    days: int = Field(default=MOST_DAYS, ge=1, le=MOST_DAYS)


class ApprovalOut(BaseModel):
    """An approval as it was recorded; its id goes into the header `Fundwatch-Approval`."""

    approval_id: str
    purpose: Purpose
    reference: str
    approver: str
    approver_level: Level
    investigators: list[str]
    accounts: list[str]
    recorded_by: str
    created_at: str
    expires_at: str
    scheme_id: str | None = None


class ApprovalsOut(BaseModel):
    """Your office's approvals, newest first."""

    items: list[ApprovalOut]
    next_cursor: str | None = None


@ROUTER.get("", response_model=ApprovalsOut)
def list_approvals(
    request: Request, principal: CurrentPrincipal, _visible: Visible, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> Response:
    """Your office's approvals, newest first, those that have ended among them."""
    with request.app.state.database.reading() as connection:
        found = repository.of_office(connection, principal.office.office_id, most=limit)
    trail_of(request).counted(len(found))
    return json_response(b'{"items":[' + b",".join(found) + b'],"next_cursor":null}')


@ROUTER.post("", response_model=ApprovalOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def record_approval(
    request: Request, asked: ApprovalAsked, visible: Visible, by: Confirmer, idempotency_key: IdempotencyKey = None
) -> Response:
    """Record an approval for movements and flows of accounts that your office may see, or of a scheme that it handles."""
    sent = repeatable(idempotency_key, by, b"approval", asked.model_dump_json().encode())
    with request.app.state.database.writing() as connection:
        # Also of a request that is sent again: what the office does not see any more is not told again, and the audit names it.
        check(connection, asked, visible, by)

        def write() -> bytes:
            return msgspec.json.encode(_recorded(connection, asked, by, trail_of(request)))

        body = sent.once(connection, write, now_ms=now_ms())
    trail_of(request).returned(asked.accounts)
    return json_response(body, status.HTTP_201_CREATED)


def record(connection: Connection, asked: ApprovalAsked, visible: VisibleScope, by: Principal, trail: Trail) -> Approval:
    """Record an approval in the caller's write transaction, with its line in the audit."""
    check(connection, asked, visible, by)
    return _recorded(connection, asked, by, trail)


def _recorded(connection: Connection, asked: ApprovalAsked, by: Principal, trail: Trail) -> Approval:
    now = now_ms()
    approval = _approval(asked, by, now)
    office, expires = by.office.office_id, now + asked.days * DAY_MS
    repository.add(connection, approval, office_id=office, created_ms=now, expires_ms=expires)
    audit.append(connection, [_act(approval, by, trail.request_id)])
    return approval


def check(connection: Connection, asked: ApprovalAsked, visible: VisibleScope, by: Principal) -> None:
    """Raise ``Unprocessable`` for what nobody could approve so, ``NotFound`` for an account or scheme that is not seen."""
    if len(set(asked.investigators)) < LEAST_INVESTIGATORS:
        raise Unprocessable(f"investigators: {LEAST_INVESTIGATORS} different ones at least")
    types = _institution_types(connection, asked, visible)
    if not may_approve(asked.approver_level, by.office, types):
        raise Unprocessable("approver_level: too low for your kind of office and these institutions")


def _institution_types(connection: Connection, asked: ApprovalAsked, visible: VisibleScope) -> frozenset[str]:
    """Types of the institutions that hold the accounts."""
    if asked.scheme_id is None:
        return accounts.institution_types(connection, sorted(set(asked.accounts)), visible=visible)
    members = shown_members(connection, asked.scheme_id, visible=visible).values()
    if not {one.account_id for one in members} >= set(asked.accounts):
        raise NotFound("no such account")
    return frozenset(one.institution_type for one in members if one.account_id in asked.accounts)


def _approval(asked: ApprovalAsked, by: Principal, now: int) -> Approval:
    return Approval(
        approval_id=secrets.token_hex(12),
        purpose=asked.purpose,
        reference=asked.reference,
        approver=asked.approver,
        approver_level=asked.approver_level,
        investigators=asked.investigators,
        accounts=sorted(set(asked.accounts)),
        recorded_by=by.holder,
        created_at=text_ms(now),
        expires_at=text_ms(now + asked.days * DAY_MS),
        scheme_id=asked.scheme_id,
    )


def _act(approval: Approval, by: Principal, request_id: str) -> AuditRecord:
    return act_of(
        by,
        request_id,
        "approval.recorded",
        at=approval.created_at,
        purpose=approval.purpose,
        approval=approval.approval_id,
        accounts=approval.accounts,
        target=approval.scheme_id,
        detail={"reference": approval.reference, "approver_level": approval.approver_level, "expires_at": approval.expires_at},
    )
