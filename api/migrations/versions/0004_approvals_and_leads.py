"""Approvals, leads, the watch list, and the holder beside a flag."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHUNK = 500


def upgrade() -> None:
    op.add_column("flags", sa.Column("customer_id", sa.String(96)))
    _fill_customers()
    op.create_index("flags_by_customer", "flags", ["customer_id"])
    op.create_index("flags_by_pseudonym", "flags", ["account_id"])
    _approvals()
    _leads()


def _approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.String(32), primary_key=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("approvals_by_office", "approvals", ["office_id", "created_ms", "approval_id"])
    op.create_table(
        "approved_accounts",
        sa.Column("approval_id", sa.String(32), sa.ForeignKey("approvals.approval_id"), primary_key=True),
        sa.Column("account_id", sa.String(96), primary_key=True),
    )


def _leads() -> None:
    op.create_table(
        "leads",
        sa.Column("lead_id", sa.String(32), primary_key=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(96)),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("informant", sa.String(1200)),
    )
    op.create_index("leads_by_office", "leads", ["office_id", "received_ms", "lead_id"])
    op.create_index("leads_by_subject", "leads", ["subject"])
    op.create_table(
        "watchlist",
        sa.Column("subject", sa.String(96), primary_key=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("watchlist_by_change", "watchlist", ["changed_ms", "subject"])


def _fill_customers() -> None:
    """The holders of flags that are there already, from their documents."""
    flags = sa.table("flags", sa.column("flag_id"), sa.column("customer_id"), sa.column("document"))
    connection = op.get_bind()
    after = ""
    while True:
        page = sa.select(flags.c.flag_id, flags.c.document).where(flags.c.flag_id > after).order_by(flags.c.flag_id)
        rows = connection.execute(page.limit(_CHUNK)).all()
        if not rows:
            return
        found = [{"of": row.flag_id, "holder": json.loads(bytes(row.document))["customer_id"]} for row in rows]
        change = sa.update(flags).where(flags.c.flag_id == sa.bindparam("of"))
        connection.execute(change.values(customer_id=sa.bindparam("holder")), found)
        after = rows[-1].flag_id


def downgrade() -> None:
    for table in ("watchlist", "leads", "approved_accounts", "approvals"):
        op.drop_table(table)
    op.drop_index("flags_by_pseudonym", "flags")
    op.drop_index("flags_by_customer", "flags")
    op.drop_column("flags", "customer_id")
