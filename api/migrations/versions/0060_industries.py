"""Industries of accounts, learned from the archive's profiles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; it fills by itself."""
    op.create_table(
        "industries",
        sa.Column("institution_code", sa.String(32), primary_key=True),
        sa.Column("account_id", sa.String(96), primary_key=True),
        sa.Column("division", sa.String(8)),
        sa.Column("asked_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("industries")
