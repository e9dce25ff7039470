"""``POST /v1/leads/file``: the leads of a CSV file, all of them or none."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, status
from pydantic import BaseModel
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Worker
from api.leads.csv_import import read_leads
from api.leads.endpoints import keep
from api.reference import CHANGES, REFUSALS, json_response
from contract.errors import BadRequest

ROUTER: Final = APIRouter(prefix="/v1/leads", tags=["leads"], responses=REFUSALS)
_BODY: Final = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


class LeadsWrittenOut(BaseModel):
    """How many leads were written down."""

    written: int


async def _text(request: Request) -> str:
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest("body: must be UTF-8") from error


@ROUTER.post("/file", response_model=LeadsWrittenOut, status_code=status.HTTP_201_CREATED, responses=CHANGES, openapi_extra=_BODY)
def write_leads(request: Request, by: Worker, text: Annotated[str, Depends(_text)]) -> Response:
    """Write every lead of a CSV file down, columns as in a lead; a row that is wrong is named and nothing is kept."""
    leads = read_leads(text)
    with request.app.state.database.writing() as connection:
        for lead in leads:
            keep(request, connection, lead, by)
    trail_of(request).counted(len(leads))
    return json_response(LeadsWrittenOut(written=len(leads)).model_dump_json().encode(), status.HTTP_201_CREATED)
