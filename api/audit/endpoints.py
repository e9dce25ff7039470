"""``/v1/audit``: an office's own audit, for its auditors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from api.audit import repository
from api.audit.record import Decision
from api.audit.repository import Line
from api.audit.trail import trail_of
from api.auth.principal import Auditor
from api.auth.sealing import Sealer
from api.flags.filters import Person
from api.reference import REFUSALS, json_response
from api.times import epoch_ms
from contract.errors import BadRequest

ROUTER: Final = APIRouter(prefix="/v1/audit", tags=["audit"], responses=REFUSALS)


class AuditQuery(BaseModel):
    """Which lines; newest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    decision: list[Decision] = Field(default=[], description="Repeat for several.")
    holder: Person | None = Field(default=None, description="One person's key.")
    limit: int = Field(default=50, ge=1, le=500)
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None


class AuditLineOut(BaseModel):
    """One line: who, what, why, and with what result."""

    at: str
    request_id: str
    action: str
    decision: Literal["answered", "empty", "refused", "failed", "done"]
    office: str | None
    holder: str | None
    key_id: str | None
    role: str | None
    address: str | None
    purpose: str | None
    legal_basis: str | None
    approval: str | None
    target: str | None
    filters: dict[str, list[str]]
    status: int | None
    rows: int | None
    accounts: list[str]
    detail: dict[str, str | int | None]
    hash: str = Field(description="The line's hash in the chain. Its number is the server's own: nobody counts by it.")


class AuditPage(BaseModel):
    """A page of the audit."""

    items: list[AuditLineOut]
    next_cursor: str | None


@ROUTER.get("", response_model=AuditPage)
def list_audit(request: Request, query: Annotated[AuditQuery, Query()], principal: Auditor) -> Response:
    """What people of your office asked for and did, refused and empty queries too."""
    office = principal.office.office_id
    sealer: Sealer = Sealer(request.app.state.secret, "audit-cursor")
    before = _place(sealer, query.cursor, office)
    statement = repository.page_statement(
        office,
        before=before,
        since_ms=_ms(query.since),
        until_ms=_ms(query.until),
        decisions=query.decision,
        holder=query.holder,
    )
    with request.app.state.database.reading() as connection:
        lines = repository.lines(connection, statement.limit(query.limit + 1))
    shown, more = lines[: query.limit], len(lines) > query.limit
    trail_of(request).counted(len(shown))
    cursor = sealer.seal(str(shown[-1].seq).encode(), context=office) if more else None
    return json_response(page_json(shown, cursor))


def page_json(lines: list[Line], cursor: str | None) -> bytes:
    """A page of lines as they were written, each with its hash."""
    items = b",".join(line.record[:-1] + b',"hash":"' + line.hash.hex().encode() + b'"}' for line in lines)
    return b'{"items":[' + items + b'],"next_cursor":' + msgspec.json.encode(cursor) + b"}"


def _place(sealer: Sealer, cursor: str | None, office: str) -> int | None:
    if cursor is None:
        return None
    plain = sealer.open(cursor, context=office)
    if plain is None:
        raise BadRequest("cursor: not one of this list")
    return int(plain)


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else epoch_ms(moment)
