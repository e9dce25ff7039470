"""What surrounds every request: measure it, bound its body, and tell browsers to keep to this server."""

from __future__ import annotations

import time
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import response
from api.metrics import REQUEST_SECONDS

HEADERS: Final = (
    # Nothing from another server, nothing inline: pages are forms and links, and one script file of ours keeps them fresh.
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_UNKNOWN_ROUTE: Final = "unknown"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


_TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SafeHeaders:
    """Adds the security headers to every response; where TLS ends before this server, that browsers keep to it."""

    def __init__(self, app: ASGIApp, *, is_secure: bool) -> None:
        self._app = app
        self._headers = (*HEADERS, _TLS_ONLY) if is_secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class NotModified:
    """Answers 304 without a body where the client names the ``ETag`` of what it would get."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        known = dict(scope["headers"]).get(b"if-none-match") if scope["type"] == "http" else None
        if known is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        tags = {tag.strip().removeprefix(b"W/") for tag in known.split(b",")}
        is_known = False

        async def unless_known(message: Message) -> None:
            nonlocal is_known
            if message["type"] == "http.response.start":
                headers = dict(message.get("headers", []))
                is_known = message["status"] == 200 and headers.get(b"etag") in tags
                if is_known:
                    kept = [pair for pair in message["headers"] if pair[0] not in (b"content-length", b"content-type")]
                    message = {**message, "status": 304, "headers": kept}
            elif is_known:
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, unless_known)


class Measure:
    """Times every request under its route's template, never its path: paths hold ids."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting_status)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            seconds = time.perf_counter() - started
            REQUEST_SECONDS.labels(route_template(scope) or _UNKNOWN_ROUTE, method, str(status)).observe(seconds)


def route_template(scope: Scope) -> str | None:
    """The template of the route that served, as it is described, without how a parameter is matched; None where none did."""
    route: Any = scope.get("route")
    template: str | None = getattr(route, "path_format", None)
    return template


class BoundBody:
    """Answers 413 to a body over ``most`` bytes, announced or not, before anybody holds it in memory."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self._most:
            await _too_large(scope, receive, send)
            return
        taken = 0
        body = []
        while True:
            message = await receive()
            body.append(message)
            taken += len(message.get("body", b""))
            if taken > self._most:
                await _too_large(scope, receive, send)
                return
            if message["type"] != "http.request" or not message.get("more_body", False):
                break
        kept = iter(body)

        async def replay() -> Message:
            return next(kept, None) or await receive()

        await self._app(scope, replay, send)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await response(413, "too_large", "the body is larger than this server takes")(scope, receive, send)
