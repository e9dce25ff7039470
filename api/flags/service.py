"""Pages and whole exports of a list, for the API and the console alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.auth.scope import VisibleScope
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags import repository
from api.flags.cursor import cursors_for
from api.flags.filters import MOST, Page
from api.flags.repository import FlagRow


@dataclass(frozen=True, slots=True)
class Lists:
    """Reads lists of flags page by page."""

    database: Database
    secret: ServerSecret

    def page(self, page: Page, *, limit: int, visible: VisibleScope) -> tuple[list[FlagRow], str | None]:
        """The rows of one page and the cursor of the next, None at the end."""
        cursors = cursors_for(page, visible, self.secret)
        after = cursors.decode(page.cursor) if page.cursor is not None else None
        with self.database.reading() as connection:
            rows = repository.page_of(connection, page, after=after, limit=limit + 1, visible=visible)
        more = len(rows) > limit
        rows = rows[:limit]
        return rows, cursors.encode(rows[-1].place) if more else None

    def everything(self, page: Page, *, visible: VisibleScope) -> Iterator[list[FlagRow]]:
        """All rows from the page's place on, up to its ``limit``; a short transaction a chunk."""
        cursors = cursors_for(page, visible, self.secret)
        after = cursors.decode(page.cursor) if page.cursor is not None else None
        left = page.limit
        while left is None or left > 0:
            size = MOST if left is None else min(MOST, left)
            with self.database.reading() as connection:
                rows = repository.page_of(connection, page, after=after, limit=size, visible=visible)
            if rows:
                yield rows
            if len(rows) < size:
                return
            after = rows[-1].place
            left = None if left is None else left - len(rows)
