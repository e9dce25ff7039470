"""Offices with their keys, and flags with their history, areas and typologies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _offices()
    _flags()
    _areas_and_typologies()


def _offices() -> None:
    op.create_table(
        "offices",
        sa.Column("office_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "office_keys",
        sa.Column("key_id", sa.String(16), primary_key=True),
        sa.Column("office_id", sa.String(64), sa.ForeignKey("offices.office_id"), nullable=False, index=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("revoked_ms", sa.BigInteger),
    )
    op.create_table(
        "ledger",
        sa.Column("ledger_id", sa.String(32), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("heard_ms", sa.BigInteger, nullable=False),
    )


def _flags() -> None:
    op.create_table(
        "flags",
        sa.Column("flag_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False, unique=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("ledger_status", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(96), nullable=False),
        sa.Column("institution_code", sa.String(32), nullable=False),
        sa.Column("institution_type", sa.String(16), nullable=False),
        sa.Column("branch_region", sa.String(6), nullable=False),
        sa.Column("subject_region", sa.String(6)),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(32)),
        sa.Column("score_tenths", sa.Integer, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("scheme_id", sa.String(64)),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("flags_by_account", "flags", ["institution_code", "account_id"])
    op.create_index("flags_by_scheme", "flags", ["scheme_id"])
    op.create_table(
        "flag_revisions",
        sa.Column("flag_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False, unique=True),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )


def _areas_and_typologies() -> None:
    flag = ("flags.flag_id", "CASCADE")
    op.create_table(
        "flag_areas",
        sa.Column("flag_id", sa.String(64), sa.ForeignKey(flag[0], ondelete=flag[1]), primary_key=True),
        sa.Column("area", sa.String(6), primary_key=True),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("institution_type", sa.String(16), nullable=False),
        sa.Column("score_tenths", sa.Integer, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
    )
    tail = ["category", "institution_type"]
    op.create_index("areas_by_score", "flag_areas", ["area", "score_tenths", "flag_id", *tail])
    op.create_index("areas_by_time", "flag_areas", ["area", "updated_ms", "flag_id", *tail])
    op.create_index("areas_by_category_score", "flag_areas", ["area", "category", "score_tenths", "flag_id", "institution_type"])
    op.create_table(
        "flag_typologies",
        sa.Column("flag_id", sa.String(64), sa.ForeignKey(flag[0], ondelete=flag[1]), primary_key=True),
        sa.Column("typology", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
    )
    op.create_index("typologies_by_name", "flag_typologies", ["name", "flag_id"])


def downgrade() -> None:
    for table in ("flag_typologies", "flag_areas", "flag_revisions", "flags", "ledger", "office_keys", "offices"):
        op.drop_table(table)
