"""Counts by the day that a flag was opened, made once from what is there, and an index of steps that wait."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

from api.ledger import counting
from contract import flag as flags

revision = "0040"
down_revision = "0006"
branch_labels = None
depends_on = None

_CHUNK = 500
_COUNTS = sa.table("flag_counts", sa.column("dimension"))


def upgrade() -> None:
    waits = sa.text("proposal IS NOT NULL")
    op.create_index("entries_waiting", "entries", ["entry_id"], sqlite_where=waits, postgresql_where=waits)
    _forget()
    _count()


def _forget() -> None:
    """Migration 0005 counts by what the writer knows today, this dimension with it."""
    op.get_bind().execute(sa.delete(_COUNTS).where(_COUNTS.c.dimension == counting.OPENED))


def _count() -> None:
    stored = sa.table("flags", sa.column("flag_id"), sa.column("document"))
    areas = sa.table("flag_areas", sa.column("flag_id"), sa.column("area"))
    connection = op.get_bind()
    after = ""
    while True:
        page = sa.select(stored.c.flag_id, stored.c.document).where(stored.c.flag_id > after).order_by(stored.c.flag_id)
        rows = connection.execute(page.limit(_CHUNK)).all()
        if not rows:
            return
        places: dict[str, list[str]] = {row.flag_id: [] for row in rows}
        for place in connection.execute(sa.select(areas).where(areas.c.flag_id.in_(list(places)))):
            places[place.flag_id].append(place.area)
        delta: Counter[counting.Cell] = Counter()
        for row in rows:
            cells = counting.cells(flags.decode(bytes(row.document)), places[row.flag_id])
            delta.update(cell for cell in cells if cell[0] == counting.OPENED)
        counting.add(connection, delta)
        after = rows[-1].flag_id


def downgrade() -> None:
    _forget()
    op.drop_index("entries_waiting", "entries")
