"""What every route shares in the API's description, and the page that shows it without another server's help."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from starlette.responses import Response


class ErrorOut(BaseModel):
    """The one body of every error."""

    error: str
    detail: str


REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": ErrorOut, "description": "A parameter is unknown or wrong."},
    401: {"model": ErrorOut, "description": "No key, or one that is unknown, expired or revoked."},
    403: {"model": ErrorOut, "description": "Your key's role does not allow this."},
    404: {"model": ErrorOut, "description": "Absent, or not for your office: the two are one."},
    503: {"model": ErrorOut, "description": "The ledger's database is away; try again after `Retry-After`."},
}
CHANGES: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": ErrorOut, "description": "Somebody else was first, or the state has no such step."},
    422: {"model": ErrorOut, "description": "The body is not what it has to be."},
}
CSV_RESPONSE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A page, or all rows as CSV."}
}
_PRIVATE: Final = {"Cache-Control": "no-store"}


def json_response(body: bytes, status: int = 200) -> Response:
    """Ready JSON, kept by no cache."""
    return Response(body, status, media_type="application/json", headers=_PRIVATE)
