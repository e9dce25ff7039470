"""Areas of schemes' payers; filled by what schemes that are there already say of them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    payers = op.create_table(
        "scheme_payers",
        sa.Column("scheme_id", sa.String(64), sa.ForeignKey("schemes.scheme_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("area", sa.String(80), primary_key=True),
    )
    op.create_index("payers_by_area", "scheme_payers", ["area", "scheme_id"])
    stored = sa.table("schemes", sa.column("scheme_id"), sa.column("document"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(stored.c.scheme_id, stored.c.document)).all():
        # Plain JSON: the contract of a later release may no longer read what lay here when this step was written.
        told = json.loads(bytes(row.document)).get("payer_regions")
        if told:
            rows = [{"scheme_id": row.scheme_id, "area": one["region"]} for one in told]
            connection.execute(sa.insert(payers), rows)


def downgrade() -> None:
    """Remove it."""
    op.drop_table("scheme_payers")
