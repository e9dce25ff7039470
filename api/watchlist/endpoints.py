"""``/v1/watchlist``: subjects of administrative findings, cleared as fast as they were found."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, delete, insert, select
from starlette.responses import Response

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.trail import Trail, trail_of
from api.auth.places import Places
from api.auth.principal import Confirmer, Principal, Visible, now_ms
from api.idempotency import IdempotencyKey, repeatable
from api.order import beyond
from api.outbox import repository as outbox
from api.reference import CHANGES, REFUSALS, json_response
from api.tables import WATCHLIST
from api.texts import Pseudonym, Short
from contract.shanghai import text_ms
from contract.watchlist import WatchEntry

ROUTER: Final = APIRouter(prefix="/v1/watchlist", tags=["watch list"], responses=REFUSALS)
Finding = Literal["FOUND", "CLEARED"]


class SubjectIn(BaseModel):
    """A finding about a subject, or that it no longer holds. A flag alone is no finding (Order 737 art. 33)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Pseudonym
    status: Finding
    since: date
    kind: Literal["confirmed_subject", "risk_enterprise"] = Field(
        default="confirmed_subject", description="Found by a decision, or named by the police's list of risk enterprises."
    )
    reference: Short = Field(description="Number of the decision; your own office alone reads it.")


class SubjectOut(BaseModel):
    """A subject of the list."""

    subject: str
    status: Finding
    since: str
    kind: str
    changed_at: str
    reference: str | None = Field(description="None where another office decided.")


class SubjectsOut(BaseModel):
    """A page of the list, what changed last first."""

    items: list[SubjectOut]
    next_cursor: str | None


@ROUTER.get("", response_model=SubjectsOut)
def list_subjects(
    request: Request,
    visible: Visible,
    finding: Annotated[Finding | None, Query(alias="status")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> Response:
    """Subjects of findings, for every office (一处发现，处处受限), what changed last first."""
    places = Places(request.app.state.secret, "watchlist", f"{visible.office_id}\n{finding}")
    statement = select(WATCHLIST)
    if finding is not None:
        statement = statement.where(WATCHLIST.c.status == finding)
    if (after := places.after(cursor)) is not None:
        statement = statement.where(beyond((WATCHLIST.c.changed_ms, WATCHLIST.c.subject), after, falls=True))
    order = statement.order_by(WATCHLIST.c.changed_ms.desc(), WATCHLIST.c.subject.desc()).limit(limit + 1)
    with request.app.state.database.reading() as connection:
        rows = connection.execute(order).all()
    shown = rows[:limit]
    trail_of(request).counted(len(shown))
    following = None
    if len(rows) > limit:
        following = places.cursor((shown[-1].changed_ms, shown[-1].subject))
    items = [
        SubjectOut(
            subject=row.subject,
            status=row.status,
            since=row.since,
            kind=row.kind,
            changed_at=text_ms(row.changed_ms),
            reference=row.reference if row.office_id == visible.office_id else None,
        )
        for row in shown
    ]
    return json_response(SubjectsOut(items=items, next_cursor=following).model_dump_json().encode())


@ROUTER.post("", response_model=SubjectOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def write_subject(request: Request, asked: SubjectIn, by: Confirmer, idempotency_key: IdempotencyKey = None) -> Response:
    """Put a subject on the list, or clear it; the newest word holds, the audit keeps every one."""
    now = now_ms()
    sent = repeatable(idempotency_key, by, b"watchlist", asked.model_dump_json().encode())
    with request.app.state.database.writing() as connection:
        body = sent.once(connection, lambda: _written(connection, asked, by, trail_of(request), now), now_ms=now)
    trail_of(request).counted(1)
    return json_response(body, status.HTTP_201_CREATED)


def _written(connection: Connection, asked: SubjectIn, by: Principal, trail: Trail, now: int) -> bytes:
    row = {
        "subject": asked.subject,
        "status": asked.status,
        "since": asked.since.isoformat(),
        "office_id": by.office.office_id,
        "reference": asked.reference,
        "changed_ms": now,
        "kind": asked.kind,
    }
    entry = WatchEntry(
        subject=asked.subject, status=asked.status, since=f"{asked.since.isoformat()}T00:00:00+08:00", kind=asked.kind
    )
    act = act_of(
        by,
        trail.request_id,
        f"watchlist.{asked.status.lower()}",
        at=text_ms(now),
        target=asked.subject,
        detail={"since": row["since"], "kind": asked.kind, "reference": asked.reference},
    )
    connection.execute(delete(WATCHLIST).where(WATCHLIST.c.subject == asked.subject))
    connection.execute(insert(WATCHLIST).values(row))
    outbox.add(connection, entry, now_ms=now)
    audit.append(connection, [act])
    out = SubjectOut(
        subject=asked.subject,
        status=asked.status,
        since=asked.since.isoformat(),
        kind=asked.kind,
        changed_at=text_ms(now),
        reference=asked.reference,
    )
    return out.model_dump_json().encode()
