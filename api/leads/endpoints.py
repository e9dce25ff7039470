"""``/v1/leads``: what people tell an office, matched by pseudonym; who told it is sealed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy import Connection
from starlette.responses import Response

from api import idempotency
from api.areas import is_area
from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord
from api.audit.trail import trail_of
from api.auth.places import Places
from api.auth.principal import Confirmer, Principal, Visible, Worker, now_ms
from api.auth.sealing import Sealer
from api.flags.filters import ID
from api.idempotency import IdempotencyKey, Repeatable
from api.leads import repository
from api.leads.repository import Lead, MatchedLead
from api.reference import CHANGES, REFUSALS, json_response
from api.texts import Pseudonym, Text
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/leads", tags=["leads"], responses=REFUSALS)


class LeadKind(StrEnum):
    """Where a lead comes from."""

    TIP_OFF = "tip_off"
    GRID_REPORT = "grid_report"
    POLICE_PLATFORM = "police_platform"
    OTHER = "other"


class LeadIn(BaseModel):
    """A lead as somebody writes it down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: LeadKind
    text: Text
    subject: Pseudonym | None = Field(default=None, description="Account or person, by pseudonym: matched with flags.")
    region: str | None = None
    received_on: date
    informant: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = Field(
        default=None, description="Sealed at once, in no list; read by a supervisor of your office alone (Order 737 art. 16)."
    )

    @field_validator("region")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_area(value):
            raise ValueError("no code of the region table")
        return value


class LeadOut(BaseModel):
    """A lead without who told it, with the flags of its subject that your office may see."""

    lead_id: str
    kind: LeadKind
    subject: str | None
    region: str | None
    text: str
    received_on: str
    recorded_at: str
    recorded_by: str
    has_informant: bool
    flags: list[str]


class LeadPageOut(BaseModel):
    """A page of your office's leads, newest first."""

    items: list[LeadOut]
    next_cursor: str | None


class InformantOut(BaseModel):
    """Who told it."""

    informant: str | None


@ROUTER.post("", response_model=LeadOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def write_lead(request: Request, asked: LeadIn, visible: Visible, by: Worker, idempotency_key: IdempotencyKey = None) -> Response:
    """Write a lead down; your office alone sees it."""
    with request.app.state.database.writing() as connection:

        def write() -> bytes:
            keep(request, connection, asked, by)
            written = repository.page_of(connection, after=None, limit=1, visible=visible)
            return _out(written[0]).model_dump_json().encode()

        body = repeatable(request, "lead", [asked], by, idempotency_key).once(connection, write, now_ms=now_ms())
    trail_of(request).counted(1)
    return json_response(body, status.HTTP_201_CREATED)


def repeatable(
    request: Request, form: Literal["lead", "file"], leads: Sequence[LeadIn], by: Principal, key: str | None
) -> Repeatable:
    """The request to write these leads in one of the two forms, which are answered unlike.

    Who told them stands in it under the server's secret alone: names could be tried against a digest that anybody can make.
    """
    told = [form.encode()]
    for lead in leads:
        told.append(lead.model_dump_json(exclude={"informant"}).encode())
        told.append(request.app.state.secret.mac("informant-digest", (lead.informant or "").encode()).hex().encode())
    return idempotency.repeatable(key, by, *told)


def keep(request: Request, connection: Connection, asked: LeadIn, by: Principal) -> None:
    """Keep a lead with its line of the audit in the caller's write transaction; who told it is sealed."""
    now = now_ms()
    lead = _lead(asked, by, now)
    sealed = None
    if asked.informant is not None:
        sealed = _sealer(request).seal(asked.informant.encode(), context=lead.lead_id)
    repository.add(connection, lead, office_id=by.office.office_id, received_ms=now, informant=sealed)
    audit.append(connection, [_act(lead, by, now, trail_of(request).request_id, "lead.written")])


@ROUTER.get("", response_model=LeadPageOut)
def list_leads(
    request: Request,
    visible: Visible,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> Response:
    """Your office's leads, newest first."""
    places = Places(request.app.state.secret, "leads", visible.office_id)
    after = places.after(cursor)
    with request.app.state.database.reading() as connection:
        found = repository.page_of(connection, after=after, limit=limit + 1, visible=visible)
    shown = found[:limit]
    trail_of(request).counted(len(shown))
    following = None
    if len(found) > limit:
        following = places.cursor((shown[-1].received_ms, shown[-1].lead.lead_id))
    page = LeadPageOut(items=[_out(one) for one in shown], next_cursor=following)
    return json_response(page.model_dump_json().encode())


@ROUTER.get("/{lead_id}/informant", response_model=InformantOut)
def get_informant(request: Request, lead_id: Annotated[str, Path(pattern=ID)], by: Confirmer) -> Response:
    """Who told it: for a supervisor of the office that was told, and in the audit."""
    with request.app.state.database.reading() as connection:
        sealed = repository.informant_of(connection, lead_id, office_id=by.office.office_id)
    plain = None if sealed is None else _sealer(request).open(sealed, context=lead_id)
    trail_of(request).counted(0 if plain is None else 1)
    return json_response(InformantOut(informant=None if plain is None else plain.decode()).model_dump_json().encode())


def _sealer(request: Request) -> Sealer:
    return Sealer(request.app.state.secret, "informant")


def _lead(asked: LeadIn, by: Principal, now: int) -> Lead:
    return Lead(
        lead_id=secrets.token_hex(12),
        kind=asked.kind,
        subject=asked.subject,
        region=asked.region,
        text=asked.text,
        received_on=asked.received_on.isoformat(),
        recorded_at=text_ms(now),
        recorded_by=by.holder,
        has_informant=asked.informant is not None,
    )


def _act(lead: Lead, by: Principal, now: int, request_id: str, action: str) -> AuditRecord:
    return act_of(
        by,
        request_id,
        action,
        at=text_ms(now),
        target=lead.lead_id,
    )


def _out(matched: MatchedLead) -> LeadOut:
    return LeadOut(**msgspec.to_builtins(matched.lead), flags=matched.flag_ids)
