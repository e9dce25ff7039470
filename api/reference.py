"""What every route shares in the API's description, and the page that shows it without another server's help."""

from __future__ import annotations

import hashlib
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
    429: {"model": ErrorOut, "description": "Too fast, or too many wrong keys; `Retry-After` says when to come back."},
    404: {"model": ErrorOut, "description": "Absent, or not for your office: the two are one."},
    503: {"model": ErrorOut, "description": "The ledger's database is away; try again after `Retry-After`."},
}
CHANGES: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": ErrorOut, "description": "Somebody else was first, or the state has no such step."},
    422: {"model": ErrorOut, "description": "The body is not what it has to be."},
}
EXPORT_RESPONSE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                "schema": {"type": "string", "format": "binary"}
            },
        },
        "description": "A page, or all rows as CSV or XLSX.",
    }
}


def json_response(body: bytes, status: int = 200) -> Response:
    """Ready JSON with its ``ETag``; a cache may keep it for its own user and has to ask before it shows it again."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Authorization, Cookie, Accept"}
    return Response(body, status, headers, "application/json")
