"""Requests for approvals, decided by a second person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_requests",
        sa.Column("request_id", sa.String(32), primary_key=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(96), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("asked_ms", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("requests_by_account", "approval_requests", ["office_id", "account_id", "asked_ms"])


def downgrade() -> None:
    op.drop_table("approval_requests")
