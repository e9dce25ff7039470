"""What every page of the console shares: language, office, and how it is sent."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from starlette.responses import HTMLResponse

from api import errors
from api.console.navigation import open_to
from api.console.templates import render
from api.console.words import LANGUAGES, Words
from contract.errors import RequestError

_LANGUAGE_COOKIE: Final = "fundwatch_language"
_YEAR_S: Final = 31_536_000


def language_of(request: Request) -> str:
    """The language asked for in the address, else the one kept in the cookie, else Chinese."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(_LANGUAGE_COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return LANGUAGES[0]


def page(
    request: Request, template: str, *, status: int = 200, refusal: RequestError | None = None, **values: Any
) -> HTMLResponse:
    """A rendered page, kept by no cache; a language asked for in the address is kept.

    ``refusal`` is what became of the form that was sent: the page says so and has its status.
    """
    if refusal is not None:
        status = errors.STATUS[type(refusal)]
    language = language_of(request)
    principal = getattr(request.state, "principal", None)
    other = next(name for name in LANGUAGES if name != language)
    body = render(
        template,
        t=Words(language),
        language=language,
        refusal=None if refusal is None else str(refusal),
        other_language_url="?" + str(request.url.include_query_params(lang=other).query),
        office=None if principal is None else principal.office,
        bar=open_to(principal),
        **values,
    )
    response = HTMLResponse(body, status, headers={"Cache-Control": "no-store", "Content-Language": language})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(_LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="strict", httponly=True)
    return response


def error_page(request: Request, status: int, detail: str) -> HTMLResponse:
    """A refusal as a page."""
    known = status if status in (400, 403, 404, 503) else 500
    return page(request, "error.html", status=status, code=known, detail=detail)
