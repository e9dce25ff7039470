"""``/console/news``: tells an open page that there is something new for its office, and nothing of what it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.audit.trail import trail_of
from api.auth import repository as keys
from api.auth.principal import Visible, now_ms
from api.auth.scope import VisibleScope
from api.database import Database
from api.flags.where import visible_flags
from api.ledger.lists import visible_entries
from api.tables import AREAS, ENTRY_AREAS

ROUTER: Final = APIRouter(prefix="/console", include_in_schema=False)
_LOOK_S: Final = 1.0
_KEEP_S: Final = 15.0
_CHECK_S: Final = 5.0
_MOST_SCOPES: Final = 1000
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Standing(NamedTuple):
    """How far an office's flags and ledger entries have come; never sent anywhere."""

    position: int
    changed_ms: int


_NOTHING: Final = Standing(0, 0)


@dataclass(slots=True)
class Look:
    """The last look at one office's standing."""

    at: float = -1.0
    standing: Standing = _NOTHING
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class News:
    """Looks once a second for all open pages of an office together: two index look-ups."""

    database: Database
    life_s: float
    _looks: dict[VisibleScope, Look] = field(default_factory=dict)

    async def standing(self, visible: VisibleScope) -> Standing:
        """The office's standing, at most a second old."""
        if len(self._looks) > _MOST_SCOPES:
            self._looks.clear()
        look = self._looks.setdefault(visible, Look())
        async with look.lock:
            if time.monotonic() - look.at >= _LOOK_S:
                look.standing = await run_in_threadpool(self._read, visible)
                look.at = time.monotonic()
        return look.standing

    def _read(self, visible: VisibleScope) -> Standing:
        seen = visible_flags(visible, categories=visible.ever)
        newest = select(AREAS.c.position).where(seen).order_by(AREAS.c.position.desc()).limit(1)
        changed = select(ENTRY_AREAS.c.changed_ms).where(visible_entries(visible)).order_by(ENTRY_AREAS.c.changed_ms.desc())
        with self.database.reading() as connection:
            return Standing(connection.execute(newest).scalar() or 0, connection.execute(changed.limit(1)).scalar() or 0)

    async def events(self, key_id: str, *, visible: VisibleScope) -> AsyncIterator[bytes]:
        """One event whenever the standing moved; ends with the key or after ``life_s``, and the page asks anew."""
        known = await self.standing(visible)
        yield b"event: ready\ndata: {}\n\n"
        began = told = checked = time.monotonic()
        while (now := time.monotonic()) - began < self.life_s:
            standing = await self.standing(visible)
            if standing != known:
                known, told = standing, now
                yield b"event: news\ndata: {}\n\n"
            elif now - told >= _KEEP_S:
                told = now
                yield b": keep\n\n"
            if now - checked >= _CHECK_S:
                if not await run_in_threadpool(self._is_good, key_id):
                    return
                checked = now
            await asyncio.sleep(_LOOK_S)

    def _is_good(self, key_id: str) -> bool:
        with self.database.reading() as connection:
            key = keys.find_key(connection, key_id)
        return key is not None and key.is_good(now_ms())


@ROUTER.get("/news")
async def news(request: Request, visible: Visible) -> Response:
    """Server-sent events without content: the page asks for itself again, under its own rules and audit line."""
    told: News = request.app.state.news
    events = told.events(trail_of(request).key_id or "", visible=visible)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)
