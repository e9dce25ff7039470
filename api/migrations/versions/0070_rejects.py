"""Rejects by institution, and which of them were counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "reject_counts",
        sa.Column("institution_code", sa.String(32), primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.String(32), primary_key=True),
        sa.Column("field", sa.String(64), primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "reject_places",
        sa.Column("institution_code", sa.String(32), primary_key=True),
        sa.Column("log_partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("log_offset", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("log_rows", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
    )
    op.create_index("reject_places_by_day", "reject_places", ["day"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("reject_places")
    op.drop_table("reject_counts")
