"""Areas of flags in the order in which they came, so that one read serves all streams."""

from __future__ import annotations

from alembic import op

revision = "0050"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("areas_by_arrival", "flag_areas", ["position"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("areas_by_arrival", "flag_areas")
