"""Account reports with their deliveries, and large-value flags by due day."""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0040"
branch_labels = None
depends_on = None

_CHUNK = 500
_EPOCH = date(1970, 1, 1)


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(96), nullable=False),
        sa.Column("institution_code", sa.String(32), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("addressees", sa.LargeBinary, nullable=False),
        sa.Column("working", sa.LargeBinary, nullable=False),
        sa.Column("sent", sa.LargeBinary),
    )
    op.create_index("reports_by_change", "reports", ["changed_ms", "report_id"])
    op.create_index("reports_by_office", "reports", ["office_id", "changed_ms", "report_id"])
    op.create_table(
        "report_deliveries",
        sa.Column("report_id", sa.String(32), sa.ForeignKey("reports.report_id"), primary_key=True),
        sa.Column("office_id", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(1000)),
    )
    op.create_index("deliveries_by_office", "report_deliveries", ["office_id", "report_id"])
    op.create_table(
        "report_history",
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    _dues()


def _dues() -> None:
    op.create_table(
        "flag_dues",
        sa.Column("area", sa.String(80), primary_key=True),
        sa.Column("due_day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("flag_id", sa.String(64), sa.ForeignKey("flags.flag_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("institution_type", sa.String(16), nullable=False),
    )
    op.create_index("dues_by_flag", "flag_dues", ["flag_id"])
    _fill_dues()


def _fill_dues() -> None:
    """Due days of the large-value flags that are there already, from their documents."""
    flags = sa.table("flags", sa.column("flag_id"), sa.column("category"), sa.column("document"))
    areas = sa.table("flag_areas", sa.column("flag_id"), sa.column("area"), sa.column("institution_type"))
    dues = sa.table("flag_dues", *map(sa.column, ("area", "due_day", "flag_id", "institution_type")))
    connection = op.get_bind()
    after = ""
    while True:
        page = sa.select(flags.c.flag_id, flags.c.document).where(flags.c.category == "large_value", flags.c.flag_id > after)
        rows = connection.execute(page.order_by(flags.c.flag_id).limit(_CHUNK)).all()
        if not rows:
            return
        days = {row.flag_id: json.loads(bytes(row.document))["due_on"] for row in rows}
        days = {flag_id: (date.fromisoformat(day) - _EPOCH).days for flag_id, day in days.items() if day}
        places = connection.execute(sa.select(areas).where(areas.c.flag_id.in_(list(days)))).all()
        if places:
            connection.execute(sa.insert(dues), [dict(row._mapping) | {"due_day": days[row.flag_id]} for row in places])  # noqa: SLF001
        after = rows[-1].flag_id


def downgrade() -> None:
    for table in ("flag_dues", "report_history", "report_deliveries", "reports"):
        op.drop_table(table)
