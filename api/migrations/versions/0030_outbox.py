"""What the office side tells the detector, and why a subject is on the watch list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("message_key", sa.String(96), nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("claimed_by", sa.String(32)),
        sa.Column("claimed_ms", sa.BigInteger),
        sa.Column("sent_ms", sa.BigInteger),
    )
    op.create_index("outbox_by_sent", "outbox", ["sent_ms", "seq"])
    op.add_column("watchlist", sa.Column("kind", sa.String(24), nullable=False, server_default="confirmed_subject"))


def downgrade() -> None:
    op.drop_column("watchlist", "kind")
    op.drop_index("outbox_by_sent", "outbox")
    op.drop_table("outbox")
