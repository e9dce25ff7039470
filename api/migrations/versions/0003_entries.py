"""The risk ledger's entries with their history, and the state of an entry beside its flags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AREA_ORDERS = {"entries_by_score": "score_tenths", "entries_by_change": "changed_ms", "entries_by_due": "due_day"}


def upgrade() -> None:
    _entries()
    _areas()
    op.create_table(
        "entry_history",
        sa.Column("entry_id", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(160), primary_key=True),
        sa.Column("idempotency_key", sa.String(128), primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
    )
    for column in ("joint_status", "case_status"):
        op.add_column("flags", sa.Column(column, sa.String(24), nullable=False, server_default="new"))
    # SQLite gives no heed to the length of text.
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("flag_areas", "area", type_=sa.String(80))
        op.alter_column("flags", "ledger_status", type_=sa.String(24))


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("entry_id", sa.String(32), primary_key=True),
        sa.Column("track", sa.String(8), nullable=False),
        sa.Column("institution_code", sa.String(32), nullable=False),
        sa.Column("institution_type", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(96), nullable=False),
        sa.Column("branch_region", sa.String(6), nullable=False),
        sa.Column("subject_region", sa.String(6)),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(32)),
        sa.Column("score_tenths", sa.Integer, nullable=False),
        sa.Column("opened_ms", sa.BigInteger, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("due_day", sa.Integer, nullable=False),
        sa.Column("owner_office", sa.String(64)),
        sa.Column("owner", sa.String(64)),
        sa.Column("next_action", sa.String(200)),
        sa.Column("proposal", sa.LargeBinary),
        sa.Column("evidence", sa.LargeBinary, nullable=False),
    )
    op.create_index("entries_by_account", "entries", ["account_id", "institution_code", "track"], unique=True)


def _areas() -> None:
    op.create_table(
        "entry_areas",
        sa.Column("entry_id", sa.String(32), sa.ForeignKey("entries.entry_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("area", sa.String(80), primary_key=True),
        sa.Column("track", sa.String(8), nullable=False),
        sa.Column("institution_type", sa.String(16), nullable=False),
        sa.Column("score_tenths", sa.Integer, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("due_day", sa.Integer, nullable=False),
    )
    for name, column in _AREA_ORDERS.items():
        op.create_index(name, "entry_areas", ["area", "track", column, "entry_id", "institution_type"])


def downgrade() -> None:
    op.execute("DELETE FROM flag_areas WHERE area LIKE '@%'")
    op.execute("UPDATE flags SET ledger_status = 'new'")
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("flags", "ledger_status", type_=sa.String(16))
        op.alter_column("flag_areas", "area", type_=sa.String(6))
    for column in ("case_status", "joint_status"):
        op.drop_column("flags", column)
    for table in ("idempotency_keys", "entry_history", "entry_areas", "entries"):
        op.drop_table(table)
