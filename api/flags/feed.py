"""What came into the ledger, read once for all streams of a process."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from starlette.concurrency import run_in_threadpool

from api.auth.scope import VisibleScope
from api.database import Database
from api.flags.filters import Selection
from api.flags.where import asked_range
from api.tables import AREAS, LEDGER

LOOK_S: Final = 1.0
_CHUNK: Final = 20_000
_POSITION: Final = select(LEDGER.c.position)
_ARRIVED: Final = (
    select(AREAS.c.position, AREAS.c.area, AREAS.c.institution_type, AREAS.c.category)
    .where(AREAS.c.position > bindparam("after"))
    .order_by(AREAS.c.position)
    .limit(_CHUNK)
)


class Cell(NamedTuple):
    """What an index knows of a flag: an area that it lies in, its institution's type and its category."""

    area: str
    institution_type: str
    category: str


@dataclass(slots=True)
class Feed:
    """The last position of every cell that something came into since this process began to look.

    A stream asks the database only when one of its cells moved. That saves questions and decides nothing: what an
    office may see stands in the statement that follows. Memory is bound by areas × types × categories.
    """

    database: Database
    position: int = 0
    _moved: dict[Cell, int] = field(default_factory=dict)
    _at: float | None = None
    _looks: bool = False
    _first: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self) -> int:
        """The ledger's last position, at most a moment old."""
        if self._at is None:
            # Before the first look is over there is no position: 0 would be all that the ledger ever held.
            async with self._first:
                if self._at is None:
                    await run_in_threadpool(self._read)
        elif not self._looks and time.monotonic() - self._at >= LOOK_S:
            self._looks = True
            try:
                await run_in_threadpool(self._read)
            finally:
                self._looks = False
        return self.position

    def has_moved(self, cells: tuple[Cell, ...], since: int) -> bool:
        """Whether something came into one of ``cells`` after the position ``since``, not before the first look's."""
        return any(self._moved.get(cell, 0) > since for cell in cells)

    def _read(self) -> None:
        with self.database.reading() as connection:
            position = int(connection.execute(_POSITION).scalar() or 0)
            after = position if self._at is None else self.position
            while after < position:
                rows = connection.execute(_ARRIVED, {"after": after}).all()
                for at, *cell in rows:
                    self._moved[Cell(*cell)] = at
                if len(rows) < _CHUNK:
                    break
                # Rows of one position may be cut in two: the next chunk begins with that position again.
                after = rows[-1].position - 1
        self.position, self._at = position, time.monotonic()


def cells_of(selection: Selection, visible: VisibleScope) -> tuple[Cell, ...]:
    """The cells that a selection can find anything in."""
    asked = asked_range(selection, visible)
    return tuple(Cell(asked.area, *pair) for pair in product(sorted(asked.institution_types), sorted(asked.categories)))
