"""Schemes with their history, what each office sees of them, and the scheme of a flag's account beside the flag."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schemes",
        sa.Column("scheme_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False, unique=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(32)),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("score_tenths", sa.Integer, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("lead_region", sa.String(6)),
        sa.Column("merged_into", sa.String(64)),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("schemes_by_score", "schemes", ["score_tenths", "scheme_id"])
    op.create_index("schemes_by_time", "schemes", ["updated_ms", "scheme_id"])
    op.create_table(
        "scheme_revisions",
        sa.Column("scheme_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False, unique=True),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    _parts()
    op.add_column("flags", sa.Column("scheme_category", sa.String(32)))


def _parts() -> None:
    scheme = ("schemes.scheme_id", "CASCADE")
    op.create_table(
        "scheme_sight",
        sa.Column("scheme_id", sa.String(64), sa.ForeignKey(scheme[0], ondelete=scheme[1]), primary_key=True),
        sa.Column("area", sa.String(80), primary_key=True),
        sa.Column("institution_code", sa.String(32), primary_key=True),
        sa.Column("account_id", sa.String(96), primary_key=True),
        sa.Column("institution_type", sa.String(16), nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
    )
    op.create_index("sight_by_area", "scheme_sight", ["area", "scheme_id", "institution_type", "is_current"])
    op.create_index("sight_by_account", "scheme_sight", ["account_id", "institution_code", "area"])
    op.create_table(
        "scheme_typologies",
        sa.Column("scheme_id", sa.String(64), sa.ForeignKey(scheme[0], ondelete=scheme[1]), primary_key=True),
        sa.Column("typology", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for table, column in (("entry_areas", "entry_id"), ("entry_history", "entry_id"), ("entries", "entry_id")):
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT entry_id FROM entries WHERE institution_code = '')")  # noqa: S608
    op.execute("UPDATE flags SET scheme_id = NULL")
    op.drop_column("flags", "scheme_category")
    for table in ("scheme_typologies", "scheme_sight", "scheme_revisions", "schemes"):
        op.drop_table(table)
