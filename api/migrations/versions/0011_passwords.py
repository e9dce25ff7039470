"""Passwords for who signs in to the console by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passwords",
        sa.Column("key_id", sa.String(16), sa.ForeignKey("office_keys.key_id"), primary_key=True),
        sa.Column("digest", sa.String(200), nullable=False),
        sa.Column("set_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("passwords")
