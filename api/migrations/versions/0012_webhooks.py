"""Webhooks and what could not be delivered to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("hook_id", sa.String(32), primary_key=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_ms", sa.BigInteger, nullable=False),
        sa.Column("leased_ms", sa.BigInteger, nullable=False),
        sa.Column("last_error", sa.String(32)),
        sa.Column("delivered_ms", sa.BigInteger),
    )
    op.create_index("webhooks_by_office", "webhooks", ["office_id"])
    op.create_index("webhooks_by_time", "webhooks", ["next_ms"])
    op.create_table(
        "webhook_dead_letters",
        sa.Column("letter_id", sa.String(32), primary_key=True),
        sa.Column("hook_id", sa.String(32), sa.ForeignKey("webhooks.hook_id", ondelete="CASCADE"), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("error", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("letters_by_hook", "webhook_dead_letters", ["hook_id", "at_ms", "letter_id"])


def downgrade() -> None:
    op.drop_table("webhook_dead_letters")
    op.drop_table("webhooks")
