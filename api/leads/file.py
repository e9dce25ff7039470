"""``POST /v1/leads/file``: the leads of a CSV file, all of them or none."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, status
from pydantic import BaseModel
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Principal, Worker, now_ms
from api.idempotency import IdempotencyKey
from api.leads.csv_import import read_leads
from api.leads.endpoints import keep, repeatable
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
def write_leads(
    request: Request, by: Worker, text: Annotated[str, Depends(_text)], idempotency_key: IdempotencyKey = None
) -> Response:
    """Write every lead of a CSV file down, columns as in a lead; a row that is wrong is named and nothing is kept."""
    return json_response(keep_all(request, text, by, idempotency_key), status.HTTP_201_CREATED)


def keep_all(request: Request, text: str, by: Principal, key: str | None = None) -> bytes:
    """Write the leads of a file down in one transaction; gives the answer. Raises ``Unprocessable``."""
    leads = read_leads(text)
    with request.app.state.database.writing() as connection:

        def write() -> bytes:
            for lead in leads:
                keep(request, connection, lead, by)
            return LeadsWrittenOut(written=len(leads)).model_dump_json().encode()

        body = repeatable(request, "file", leads, by, key).once(connection, write, now_ms=now_ms())
    trail_of(request).counted(len(leads))
    return body
