"""Ledger rows of schemes lie where payers alone are as well; those that are there are placed by what their schemes say."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_PAYERS_ALONE = "*"
_ENTRIES = sa.table(
    "entries",
    *map(sa.column, ("entry_id", "institution_code", "account_id", "track", "score_tenths", "changed_ms", "due_day", "evidence")),
)
_PAYERS = sa.table("scheme_payers", sa.column("scheme_id"), sa.column("area"))
_AREAS = sa.table(
    "entry_areas",
    *map(sa.column, ("entry_id", "area", "track", "institution_type", "score_tenths", "changed_ms", "due_day")),
)


def upgrade() -> None:
    """Place them."""
    connection = op.get_bind()
    of_schemes = sa.select(_ENTRIES).where(_ENTRIES.c.institution_code == "", _ENTRIES.c.track != "case")
    for row in connection.execute(of_schemes).all():
        evidence = json.loads(bytes(row.evidence))
        payers = connection.execute(sa.select(_PAYERS.c.area).where(_PAYERS.c.scheme_id == row.account_id)).scalars()
        come = sorted(set(payers) - set(evidence["areas"]))
        if not come:
            continue
        evidence["areas"] |= dict.fromkeys(come, _PAYERS_ALONE)
        told = json.dumps(evidence, ensure_ascii=False).encode()
        connection.execute(sa.update(_ENTRIES).where(_ENTRIES.c.entry_id == row.entry_id).values(evidence=told))
        same = {name: getattr(row, name) for name in ("entry_id", "track", "score_tenths", "changed_ms", "due_day")}
        connection.execute(sa.insert(_AREAS), [same | {"area": area, "institution_type": _PAYERS_ALONE} for area in come])


def downgrade() -> None:
    """Take them away again; what the rows' evidence says of these areas is read by nobody then."""
    op.get_bind().execute(sa.delete(_AREAS).where(_AREAS.c.institution_type == _PAYERS_ALONE))
