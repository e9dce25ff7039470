"""Keeping and removing an office's named filters, by form."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.responses import RedirectResponse, Response

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord
from api.audit.trail import trail_of
from api.auth.principal import Principal, Worker, now_ms
from api.console.asking import LISTS, selection_of
from api.console.forms import Fields, asked_by
from api.database import Database
from api.flags import saved
from api.flags.filters import Page
from api.flags.saved import SavedFilter
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/console/saved-filters", include_in_schema=False)
_HERE: Final = "/console/flags"
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    query: Annotated[str, StringConstraints(max_length=2000)] = ""


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name


@ROUTER.post("")
def keep(request: Request, fields: Fields, by: Worker) -> Response:
    """Keep the list's present selection under a name, for everybody of the office."""
    asked = asked_by(fields, _Kept)
    pairs = [(name, value) for name, value in parse_qsl(asked.query) if name not in ("cursor", "lang", "limit")]
    # Refused here, not on the day when somebody opens it.
    selection_of(pairs, Page, lists=LISTS)
    now = now_ms()
    query = urlencode(pairs)
    database: Database = request.app.state.database
    with database.writing() as connection:
        saved.save(connection, SavedFilter(asked.name, query, by.holder), office_id=by.office.office_id, now_ms=now)
        audit.append(connection, [_act(request, by, "filter.saved", now)])
    trail_of(request).counted(1)
    return RedirectResponse(f"{_HERE}?{query}", status_code=303)


@ROUTER.post("/remove")
def forget(request: Request, fields: Fields, by: Worker) -> Response:
    """Remove one of the office's named filters."""
    asked = asked_by(fields, _Named)
    database: Database = request.app.state.database
    with database.writing() as connection:
        saved.remove(connection, asked.name, office_id=by.office.office_id)
        audit.append(connection, [_act(request, by, "filter.removed", now_ms())])
    trail_of(request).counted(1)
    return RedirectResponse(_HERE, status_code=303)


def _act(request: Request, by: Principal, action: str, now: int) -> AuditRecord:
    return act_of(
        by,
        trail_of(request).request_id,
        action,
        at=text_ms(now),
    )
