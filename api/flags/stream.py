"""``/v1/flags/stream``: flags as they come, resumable by a position that tells an office nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.audit.record import AuditRecord, Decision
from api.audit.trail import Trail, trail_of
from api.audit.writer import AuditWriter
from api.auth import repository as keys
from api.auth.principal import Visible, now_ms
from api.auth.scope import VisibleScope
from api.auth.sealing import Sealer
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags import repository
from api.flags.feed import LOOK_S, Feed, cells_of
from api.flags.filters import Selection
from api.flags.repository import FlagRow
from api.flags.schemas import flag_json
from api.reference import REFUSALS
from contract.errors import BadRequest, LedgerUnavailable
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/flags", tags=["flags"], responses=REFUSALS)
_LOG = structlog.get_logger(__name__)
_MOST: Final = 1000
"""Flags delivered at once: each delivery waits for its audit line."""
_KEEP_S: Final = 15.0
_CHECK_S: Final = 5.0
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Events without end."}
}


@dataclass(frozen=True, slots=True)
class Streams:
    """Streams of flags; each ends after ``life_s`` and is taken up again by its last event's id."""

    database: Database
    secret: ServerSecret
    audit: AuditWriter
    feed: Feed
    life_s: float

    def sealed(self, position: int, office_id: str) -> str:
        """A position as an id that only this server reads and only this office can use; of one length, which tells nothing."""
        return Sealer(self.secret, "stream").seal(f"{position:020d}".encode(), context=office_id)

    def position(self, event_id: str, office_id: str) -> int:
        """The position of an id; raises ``BadRequest`` for one that is forged or another office's."""
        plain = Sealer(self.secret, "stream").open(event_id, context=office_id)
        if plain is None:
            raise BadRequest("Last-Event-ID: not one of this stream")
        return int(plain)

    async def events(self, selection: Selection, at: int, *, visible: VisibleScope, trail: Trail) -> AsyncIterator[bytes]:
        """Events from ``at`` on. What the office may not see moves no byte: neither an id nor a heartbeat.

        Ends where the ledger is away or busy: its client takes it up again, and nothing is lost.
        """
        try:
            async for event in self._events(selection, at, visible=visible, trail=trail):
                yield event
        except LedgerUnavailable as error:
            _LOG.warning("stream_ended", detail=str(error))

    async def _events(self, selection: Selection, at: int, *, visible: VisibleScope, trail: Trail) -> AsyncIterator[bytes]:
        yield self._event("ready", b"{}", at, visible)
        ends = time.monotonic() + self.life_s
        cells, is_behind, looked = cells_of(selection, visible), True, 0
        told, checked = time.monotonic(), time.monotonic()
        while True:
            position = await self.feed.look()
            is_behind = is_behind or self.feed.has_moved(cells, since=max(looked, at))
            while is_behind:
                rows = await run_in_threadpool(self._after, selection, at, visible)
                if rows:
                    await self._note([row for _, row in rows], trail)
                    for at, row in rows:
                        yield self._event("flag", flag_json(row), at, visible)
                    told = time.monotonic()
                is_behind = len(rows) == _MOST
            # All that had come by then is told, or was never this stream's.
            looked = position
            now = time.monotonic()
            if now >= ends:
                return
            if now - checked >= _CHECK_S:
                if not await run_in_threadpool(self._is_good, trail):
                    return
                checked = now
            if now - told >= _KEEP_S:
                yield b": keep\n\n"
                told = now
            await asyncio.sleep(LOOK_S)

    def _after(self, selection: Selection, at: int, visible: VisibleScope) -> list[tuple[int, FlagRow]]:
        with self.database.reading() as connection:
            return repository.after_position(connection, selection, at, limit=_MOST, visible=visible)

    def _is_good(self, trail: Trail) -> bool:
        if trail.good_until_ms is not None:
            return now_ms() < trail.good_until_ms
        with self.database.reading() as connection:
            key = keys.find_key(connection, trail.key_id or "")
        return key is not None and key.is_good(now_ms())

    async def _note(self, rows: list[FlagRow], trail: Trail) -> None:
        """An audit line for what is about to be delivered, durable before it is."""
        record = AuditRecord(
            at=text_ms(now_ms()),
            request_id=trail.request_id,
            action="GET /v1/flags/stream delivered",
            decision=Decision.ANSWERED,
            office=trail.office,
            holder=trail.holder,
            key_id=trail.key_id,
            role=trail.role,
            purpose=trail.purpose,
            rows=len(rows),
            accounts=list(dict.fromkeys(row.account_id for row in rows)),
        )
        await asyncio.wrap_future(self.audit.submit(record))

    def _event(self, name: str, data: bytes, at: int, visible: VisibleScope) -> bytes:
        return b"id: %s\nevent: %s\ndata: %s\n\n" % (self.sealed(at, visible.office_id).encode(), name.encode(), data)


@ROUTER.get("/stream", response_class=StreamingResponse, responses=_STREAM)
async def stream_flags(
    request: Request,
    selection: Annotated[Selection, Query()],
    visible: Visible,
    last_event_id: Annotated[str | None, Header(max_length=512, description="Goes on after this event.")] = None,
) -> Response:
    """Server-sent events: each flag that you may see whenever a new revision of it comes.

    Without `Last-Event-ID` the stream begins now. Of several revisions that came while you were away you get the newest.
    """
    streams: Streams = request.app.state.streams
    if last_event_id is None:
        at = await streams.feed.look()
    else:
        at = streams.position(last_event_id, visible.office_id)
    events = streams.events(selection, at, visible=visible, trail=trail_of(request))
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)
