"""Puts the console under ``/console``, with pages for its refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from api import errors
from api.console import (
    account_pages,
    audit_pages,
    bulk_pages,
    coverage_pages,
    flag_pages,
    issuer_sign_in,
    keys_pages,
    leads_pages,
    ledger_pages,
    news,
    overview_pages,
    reports_pages,
    results_pages,
    saved_filters,
    scheme_pages,
    sign_in,
    suppression_pages,
    watchlist_pages,
    webhook_pages,
)
from api.console.page import error_page
from contract.errors import RequestError, RetryableError, Unauthenticated

_STATIC: Final = Path(__file__).parent / "static"
_PAGES: Final = (
    sign_in,
    issuer_sign_in,
    overview_pages,
    news,
    flag_pages,
    saved_filters,
    account_pages,
    scheme_pages,
    # Before single entries: "steps" is no entry's id.
    bulk_pages,
    ledger_pages,
    suppression_pages,
    reports_pages,
    leads_pages,
    watchlist_pages,
    results_pages,
    coverage_pages,
    audit_pages,
    keys_pages,
    webhook_pages,
)
SIGN_IN: Final = "/console/sign-in"


def install(app: FastAPI) -> None:
    """Add the console's routes, and pages where a browser would otherwise get JSON."""
    for pages in _PAGES:
        app.include_router(pages.ROUTER)
    app.mount("/console/static", StaticFiles(directory=_STATIC), name="static")
    app.state.page_instead = _page_instead


def _page_instead(request: Request, error: Exception) -> Response | None:
    """A page for a browser inside the console; None leaves the one JSON body."""
    if not is_for_people(request):
        return None
    if isinstance(error, Unauthenticated):
        return RedirectResponse(SIGN_IN, status_code=303)
    if isinstance(error, RequestError):
        return error_page(request, errors.STATUS.get(type(error), 400), str(error))
    return error_page(request, 503 if isinstance(error, RetryableError) else 500, "")


def is_for_people(request: Request) -> bool:
    """Whether a browser asks for a page of the console or the description."""
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and (request.url.path.startswith("/console") or request.url.path == "/docs")
