"""Pages, exports and single schemes, for the API and the console alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.auth.places import Places
from api.auth.scope import VisibleScope
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags.filters import MOST
from api.ledger.sights import Sight, sights
from api.schemes import repository, view
from api.schemes.filters import SchemePage
from api.schemes.repository import SchemeRow

Shown = dict[str, Any]
"""A scheme as the office may read it: the fields of ``SchemeOut``."""


@dataclass(frozen=True, slots=True)
class Schemes:
    """Reads schemes for one office at a time."""

    database: Database
    secret: ServerSecret

    def page(self, page: SchemePage, *, limit: int, visible: VisibleScope) -> tuple[list[Shown], str | None]:
        """The schemes of one page and the cursor of the next, None at the end."""
        places = Places(self.secret, "schemes", _context(page, visible))
        after = places.after(page.cursor)
        with self.database.reading() as connection:
            rows = repository.page_of(connection, page, after=after, limit=limit + 1, visible=visible)
            items = _shown(connection, rows[:limit], visible)
        if len(rows) <= limit:
            return items, None
        last = rows[limit - 1]
        return items, places.cursor((last.value, last.scheme.scheme_id))

    def everything(self, page: SchemePage, *, visible: VisibleScope) -> Iterator[list[Shown]]:
        """All schemes from the page's place on, up to its ``limit``; a short transaction a chunk."""
        left = page.limit
        while left is None or left > 0:
            size = MOST if left is None else min(MOST, left)
            items, cursor = self.page(page, limit=size, visible=visible)
            if items:
                yield items
            if cursor is None:
                return
            page = page.model_copy(update={"cursor": cursor})
            left = None if left is None else left - len(items)

    def get(self, scheme_id: str, *, visible: VisibleScope) -> tuple[Shown, list[Shown]]:
        """One scheme and its history; raises ``NotFound`` where it is absent or unseen."""
        with self.database.reading() as connection:
            row, revisions = repository.get(connection, scheme_id, visible=visible)
            seen = repository.members(connection, [scheme_id], visible=visible)[scheme_id]
            sight = sights(connection, [scheme_id], visible=visible)[scheme_id]
        # Of a revision in which nobody was that it may see, it has seen nothing.
        mine = revisions if sight is not Sight.PART else [one for one in revisions if view.is_in(one, seen)]
        history = [view.shown(one, sight, seen=seen, area=visible.area) for one in mine]
        return _beside(view.shown(row.scheme, sight, seen=seen, area=visible.area), row), history


def _shown(connection: Connection, rows: list[SchemeRow], visible: VisibleScope) -> list[Shown]:
    ids = [row.scheme.scheme_id for row in rows]
    seen = repository.members(connection, ids, visible=visible)
    sight = sights(connection, ids, visible=visible)
    return [
        _beside(view.shown(row.scheme, sight[one], seen=seen[one], area=visible.area), row)
        for one, row in zip(ids, rows, strict=True)
    ]


def _beside(fields: Shown, row: SchemeRow) -> Shown:
    # The ledger's row lies where members are, and payers: whoever sees the scheme may open it.
    return fields | {"entry_id": row.entry_id, "ledger_status": row.ledger_status}


def _context(page: SchemePage, visible: VisibleScope) -> str:
    return visible.office_id + "\n" + page.model_dump_json(exclude={"cursor", "limit"})
