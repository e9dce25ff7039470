"""Holds every answer back until its audit line is durable, and gives none where it cannot be."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.audit.record import AuditRecord, Decision
from api.audit.trail import Trail
from api.audit.writer import AuditWriter
from api.errors import response
from api.middleware import route_template
from contract.errors import LedgerUnavailable
from contract.shanghai import text_ms

_OPEN: Final = ("/console/static",)
"""Style sheet and icon: nothing of anybody."""
_DOOR: Final = "/console/sign-in"
_TOO_LARGE: Final = 413
"""The one refusal that comes before a route is known and is written down all the same."""
_MOST_FILTERS, _MOST_LENGTH = 32, 200


class Audited:
    """Writes one line a request that met a route; a streamed answer gets a second one when it has ended."""

    def __init__(self, app: ASGIApp, writer: AuditWriter, legal_basis: str) -> None:
        self._app = app
        self._writer = writer
        self._legal_basis = legal_basis

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail = Trail()
        scope.setdefault("state", {})["trail"] = trail
        is_withheld = False

        async def held(message: Message) -> None:
            nonlocal is_withheld
            if is_withheld:
                return
            if message["type"] == "http.response.start" and not await self._is_written(scope, trail, message["status"]):
                is_withheld = True
                await response(503, "unavailable", "the audit cannot be written", {"Retry-After": "5"})(scope, receive, send)
                return
            await send(message)

        try:
            await self._app(scope, receive, held)
        except Exception:
            await self._is_written(scope, trail, 500)
            raise
        finally:
            if trail.is_streamed:
                # Not waited for: whoever hung up took its task along.
                self._writer.submit(self._record(scope, trail, 200, " ended"))

    async def _is_written(self, scope: Scope, trail: Trail, status: int) -> bool:
        path = route_template(scope)
        if (path is None and status != _TOO_LARGE) or (path or "").startswith(_OPEN):
            return True
        try:
            await self._write(self._record(scope, trail, status))
        except LedgerUnavailable:
            return False
        return True

    async def _write(self, record: AuditRecord) -> None:
        await asyncio.shield(asyncio.wrap_future(self._writer.submit(record)))

    def _record(self, scope: Scope, trail: Trail, status: int, suffix: str = "") -> AuditRecord:
        client = scope.get("client")
        return AuditRecord(
            at=text_ms(time.time_ns() // 1_000_000),
            request_id=trail.request_id,
            action=f"{scope['method'][:8]} {route_template(scope) or 'too large'}{suffix}",
            decision=Decision.DONE if suffix else trail.decision(status),
            office=trail.office,
            holder=trail.holder,
            key_id=trail.key_id,
            role=trail.role,
            address=client[0] if client else None,
            purpose=trail.purpose,
            legal_basis=self._legal_basis,
            approval=trail.approval,
            target=_target(scope.get("path_params", {})),
            # Who comes back from the issuer brings a code in the query, and that opens a door.
            filters={} if scope.get("path", "").startswith(_DOOR) else _filters(scope.get("query_string", b"")),
            status=status,
            rows=trail.rows,
            accounts=trail.accounts,
        )


def _target(parameters: dict[str, Any]) -> str | None:
    """What the path named, asked for and perhaps not there."""
    return " ".join(str(value)[:_MOST_LENGTH] for value in parameters.values()) or None


def _filters(query: bytes) -> dict[str, list[str]]:
    """The query as it was asked, cut where somebody sends a book."""
    asked = parse_qs(query[:8192].decode("latin-1"), keep_blank_values=True)
    short = list(asked.items())[:_MOST_FILTERS]
    return {name[:_MOST_LENGTH]: [value[:_MOST_LENGTH] for value in values[:_MOST_FILTERS]] for name, values in short}
