"""Counts of flags, kept by the writer from now on and made once from the flags that are there."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

from api.ledger import counting
from contract import flag as flags

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CHUNK = 500


def upgrade() -> None:
    op.create_table(
        "flag_counts",
        sa.Column("dimension", sa.String(16), primary_key=True),
        sa.Column("area", sa.String(80), primary_key=True),
        sa.Column("category", sa.String(32), primary_key=True),
        sa.Column("institution_type", sa.String(16), primary_key=True),
        sa.Column("value", sa.String(128), primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )
    _count_flags()


def _count_flags() -> None:
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
            delta.update(counting.cells(flags.decode(bytes(row.document)), places[row.flag_id]))
        counting.add(connection, delta)
        after = rows[-1].flag_id


def downgrade() -> None:
    op.drop_table("flag_counts")
