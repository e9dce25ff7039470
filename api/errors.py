"""Errors as HTTP, in one place: one JSON body ``{"error", "detail"}`` for every path, the framework's own included."""

from __future__ import annotations

from typing import Final

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from contract.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    RequestError,
    RetryableError,
    TooManyRequests,
    Unauthenticated,
    Unprocessable,
)

_LOG = structlog.get_logger(__name__)
STATUS: Final[dict[type[RequestError], int]] = {
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Unprocessable: 422,
    TooManyRequests: 429,
}
_FRAMEWORK: Final[dict[int, tuple[str, str]]] = {
    404: ("not_found", "nothing here"),
    405: ("method_not_allowed", "this path does not take this method"),
}
_RETRY_AFTER_S: Final = "5"
JSON: Final = "application/json"


class ErrorBody(msgspec.Struct, frozen=True):
    """The one body of every error."""

    error: str
    detail: str


def response(status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """An error as the one body."""
    return Response(msgspec.json.encode(ErrorBody(error, detail)), status, headers, JSON)


def render(error: RequestError) -> Response:
    """A refusal of ours as a response."""
    status = STATUS.get(type(error), 400)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    if isinstance(error, TooManyRequests):
        headers = {"Retry-After": str(error.retry_after_s)}
    return response(status, error.code, str(error), headers)


def describe(error: RequestValidationError) -> str:
    """Which parameters or fields are wrong and how, without their values."""
    lines = []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"][1:] if not isinstance(part, int)) or str(problem["loc"][0])
        if problem["type"] == "extra_forbidden":
            lines.append("unknown query parameter" if problem["loc"][0] == "query" else "unknown field")
        elif problem["type"] == "value_error":
            lines.append(f"{place}: {problem['ctx']['error']}")
        else:
            lines.append(f"{place}: {problem['msg'].partition(', input')[0]}")
    return "; ".join(dict.fromkeys(lines))


def _or_page(request: Request, error: Exception, body: Response) -> Response:
    """The one body, or the page that ``app.state.page_instead`` has for a browser."""
    page: Response | None = request.app.state.page_instead(request, error)
    return body if page is None else page


def install(app: FastAPI) -> None:
    """Let ``app`` answer every error by the one body.

    ``app.state.page_instead`` may be set to answer browsers with a page: (request, error) → response or None.
    """
    app.state.page_instead = lambda _request, _error: None

    @app.exception_handler(RequestError)
    async def _refused(request: Request, error: RequestError) -> Response:
        return _or_page(request, error, render(error))

    @app.exception_handler(RetryableError)
    async def _away(request: Request, error: RetryableError) -> Response:
        _LOG.warning("dependency_away", error=type(error).__name__)
        body = response(503, "unavailable", str(error), {"Retry-After": _RETRY_AFTER_S})
        return _or_page(request, error, body)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        in_body = any(problem["loc"][0] == "body" for problem in error.errors())
        return response(422 if in_body else 400, "unprocessable" if in_body else "bad_request", describe(error))

    @app.exception_handler(HTTPException)
    async def _framework(_request: Request, error: HTTPException) -> Response:
        code, detail = _FRAMEWORK.get(error.status_code, ("bad_request", "the request cannot be served"))
        return response(error.status_code, code, detail, dict(error.headers) if error.headers else None)

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> Response:
        _LOG.error("request_failed", error=type(error).__name__, exc_info=error)
        body = response(500, "internal", "the server failed; its operator has been told")
        return _or_page(request, error, body)
