"""The position of a flag's newest revision beside each of its areas, for streams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("flag_areas", sa.Column("position", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE flag_areas SET position = (SELECT flags.position FROM flags WHERE flags.flag_id = flag_areas.flag_id)")
    op.create_index("areas_by_position", "flag_areas", ["area", "position", "category", "institution_type"])


def downgrade() -> None:
    op.drop_index("areas_by_position", "flag_areas")
    op.drop_column("flag_areas", "position")
