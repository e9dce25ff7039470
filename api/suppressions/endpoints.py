"""``/v1/suppressions``: what an office hides from its own board, proposed by one person and approved by another."""

from __future__ import annotations

import secrets
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord
from api.audit.trail import trail_of
from api.auth.places import Places
from api.auth.principal import Confirmer, Principal, Visible, Worker, now_ms
from api.auth.scope import VisibleScope
from api.flags.filters import ID, Id
from api.idempotency import IdempotencyKey, repeatable
from api.ledger import history, lists
from api.ledger.history import HistoryLine, Kind
from api.reference import CHANGES, REFUSALS, json_response
from api.suppressions import repository
from api.suppressions.repository import Suppression
from api.texts import Text
from contract.errors import Conflict, Forbidden, NotFound
from contract.shanghai import date_of, day_of, text_ms

ROUTER: Final = APIRouter(prefix="/v1/suppressions", tags=["ledger"], responses=REFUSALS)
SuppressionId = Annotated[str, Path(pattern=ID)]
MOST_DAYS: Final = 90
_TOLD: Final = frozenset({Kind.EVIDENCE, Kind.REOPENED, Kind.REFERRED})


class SuppressionAsked(BaseModel):
    """What to hide, for how long, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry_id: Id
    reason: Text
    days: int = Field(default=30, ge=1, le=MOST_DAYS, description="From its approval.")


class HiddenOut(BaseModel):
    """Something that came while the entry was hidden."""

    version: int
    at: str
    kind: Kind
    flag_id: str | None
    revision: int | None
    news: list[str]


class SuppressionOut(BaseModel):
    """A suppression, with all that it hid."""

    suppression_id: str
    entry_id: str
    state: Literal["proposed", "active", "expired", "ended"]
    reason: str
    proposed_by: str
    approved_by: str | None
    approved_at: str | None
    until: str | None = Field(description="The first day on which it hides nothing, Asia/Shanghai.")
    hides_now: bool = Field(description="False also where the entry's severity has become another than was approved.")
    hidden: list[HiddenOut]


class SuppressionsOut(BaseModel):
    """A page of your office's suppressions, newest first."""

    items: list[SuppressionOut]
    next_cursor: str | None


@ROUTER.get("", response_model=SuppressionsOut)
def list_suppressions(
    request: Request,
    visible: Visible,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> Response:
    """Your office's suppressions, those that are over among them, each with what it hid."""
    places = Places(request.app.state.secret, "suppressions", visible.office_id)
    after = places.after(cursor)
    with request.app.state.database.reading() as connection:
        found = repository.of_office(connection, visible.office_id, after=after, limit=limit + 1)
        items = [one for found_ in found[:limit] if (one := _shown(connection, found_, visible)) is not None]
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = places.cursor((last.proposed_ms, last.suppression_id))
    trail_of(request).counted(len(items))
    return json_response(SuppressionsOut(items=items, next_cursor=following).model_dump_json().encode())


@ROUTER.post("", response_model=SuppressionOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def propose_suppression(
    request: Request, asked: SuppressionAsked, visible: Visible, by: Worker, idempotency_key: IdempotencyKey = None
) -> Response:
    """Propose to hide an entry from your office's board; nothing is hidden before a second person approves."""
    now = now_ms()
    sent = repeatable(idempotency_key, by, b"suppression", asked.model_dump_json().encode())

    def propose() -> bytes:
        one = Suppression(
            suppression_id=secrets.token_hex(12),
            office_id=by.office.office_id,
            entry_id=asked.entry_id,
            reason=asked.reason,
            days=asked.days,
            proposed_by=by.holder,
            proposed_ms=now,
            approved_by=None,
            approved_ms=None,
            until_day=0,
            ended_by=None,
            ended_ms=None,
            severity=entry.evidence.severity or "",
        )
        repository.add(connection, one)
        audit.append(connection, [_act(request, one, by, "suppression.proposed", now, entry.accounts)])
        return _body(connection, one.suppression_id, visible)

    with request.app.state.database.writing() as connection:
        # Also of a request that is sent again: what the office does not see any more is not told again, and the audit names it.
        entry = lists.get(connection, asked.entry_id, visible=visible)
        body = sent.once(connection, propose, now_ms=now)
    trail_of(request).returned(entry.accounts)
    return json_response(body, status.HTTP_201_CREATED)


@ROUTER.post("/{suppression_id}/approval", response_model=SuppressionOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def approve_suppression(
    request: Request,
    suppression_id: SuppressionId,
    visible: Visible,
    by: Confirmer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Approve what somebody else of your office proposed; it hides from now on."""
    now = now_ms()

    def approve() -> bytes:
        if one.approved_ms is not None or one.ended_ms is not None:
            raise Conflict("it waits for nobody")
        if one.proposed_by == by.holder:
            raise Forbidden("a second person of your office has to approve")
        until, severity = day_of(now) + one.days, entry.evidence.severity or ""
        repository.change(connection, suppression_id, approved_by=by.holder, approved_ms=now, until_day=until, severity=severity)
        audit.append(connection, [_act(request, one, by, "suppression.approved", now, entry.accounts)])
        return _body(connection, suppression_id, visible)

    sent = repeatable(idempotency_key, by, b"suppression.approval", suppression_id.encode())
    with request.app.state.database.writing() as connection:
        one = repository.get(connection, suppression_id, office_id=by.office.office_id)
        entry = lists.get(connection, one.entry_id, visible=visible)
        body = sent.once(connection, approve, now_ms=now)
    trail_of(request).returned(entry.accounts)
    return json_response(body, status.HTTP_201_CREATED)


@ROUTER.delete("/{suppression_id}", response_model=SuppressionOut, responses=CHANGES)
def end_suppression(
    request: Request, suppression_id: SuppressionId, visible: Visible, by: Worker, idempotency_key: IdempotencyKey = None
) -> Response:
    """Withdraw a proposal, or let a suppression end now; what it hid stays told."""
    now = now_ms()

    def end() -> bytes:
        one = repository.get(connection, suppression_id, office_id=by.office.office_id)
        if one.ended_ms is not None:
            raise Conflict("it has ended already")
        repository.change(connection, suppression_id, ended_by=by.holder, ended_ms=now)
        audit.append(connection, [_act(request, one, by, "suppression.ended", now, [])])
        return _body(connection, suppression_id, visible)

    sent = repeatable(idempotency_key, by, b"suppression.end", suppression_id.encode())
    with request.app.state.database.writing() as connection:
        body = sent.once(connection, end, now_ms=now)
    trail_of(request).counted(1)
    return json_response(body)


def _body(connection: Connection, suppression_id: str, visible: VisibleScope) -> bytes:
    shown = _shown(connection, repository.get(connection, suppression_id, office_id=visible.office_id), visible)
    if shown is None:
        raise NotFound("no such suppression")
    return shown.model_dump_json().encode()


def _shown(connection: Connection, one: Suppression, visible: VisibleScope) -> SuppressionOut | None:
    """The suppression with what it hid; None where the office may not see the entry any more."""
    try:
        entry = lists.get(connection, one.entry_id, visible=visible)
    except NotFound:
        return None
    state = one.state(day_of(now_ms()))
    return SuppressionOut(
        suppression_id=one.suppression_id,
        entry_id=one.entry_id,
        state=state,  # type: ignore[arg-type]
        reason=one.reason,
        proposed_by=one.proposed_by,
        approved_by=one.approved_by,
        approved_at=None if one.approved_ms is None else text_ms(one.approved_ms),
        until=None if one.approved_ms is None else date_of(one.until_day).isoformat(),
        hides_now=state == "active" and (entry.evidence.severity or "") == one.severity,
        hidden=[_hidden(line) for line in _came(connection, one)],
    )


def _came(connection: Connection, one: Suppression) -> list[HistoryLine]:
    """New evidence between the approval and the end."""
    if one.approved_ms is None:
        return []
    since, until = text_ms(one.approved_ms), text_ms(one.ended_ms) if one.ended_ms is not None else "9999"
    lines = history.lines_of(connection, one.entry_id)
    return [line for line in lines if line.kind in _TOLD and since <= line.at < until]


def _hidden(line: HistoryLine) -> HiddenOut:
    return HiddenOut(
        version=line.version, at=line.at, kind=line.kind, flag_id=line.flag_id, revision=line.revision, news=line.news
    )


def _act(request: Request, one: Suppression, by: Principal, action: str, now: int, accounts: list[str]) -> AuditRecord:
    return act_of(
        by,
        trail_of(request).request_id,
        action,
        at=text_ms(now),
        target=one.suppression_id,
        accounts=accounts,
        detail={"entry": one.entry_id, "days": one.days},
    )
