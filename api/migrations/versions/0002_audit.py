"""The audit, closed to change by triggers, and roles of keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("office_id", sa.String(64)),
        sa.Column("holder", sa.String(64)),
        sa.Column("action", sa.String(120), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("prev_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("audit_by_office", "audit", ["office_id", "seq"])
    for statement in _CLOSE_SQLITE if op.get_bind().dialect.name == "sqlite" else _CLOSE_POSTGRESQL:
        op.execute(statement)
    # Whoever had a key could read and do nothing else, and still can.
    op.add_column("office_keys", sa.Column("role", sa.String(16), nullable=False, server_default="viewer"))
    op.add_column("office_keys", sa.Column("holder", sa.String(64), nullable=False, server_default="office"))


def downgrade() -> None:
    op.drop_column("office_keys", "holder")
    op.drop_column("office_keys", "role")
    op.drop_table("audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_is_closed()")


_CLOSE_SQLITE = [
    f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
    for act in ("UPDATE", "DELETE")
]
_CLOSE_POSTGRESQL = [
    "CREATE FUNCTION audit_is_closed() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_closed()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_closed()",
]
