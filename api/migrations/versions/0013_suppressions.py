"""Suppressions: entries that an office hides from its own board for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("suppression_id", sa.String(32), primary_key=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_ms", sa.BigInteger, nullable=False),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_ms", sa.BigInteger),
        sa.Column("until_day", sa.Integer, nullable=False),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("severity", sa.String(32), nullable=False),
    )
    op.create_index("suppressions_by_entry", "suppressions", ["entry_id", "office_id"])
    op.create_index("suppressions_by_office", "suppressions", ["office_id", "proposed_ms", "suppression_id"])


def downgrade() -> None:
    op.drop_table("suppressions")
