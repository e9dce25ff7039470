"""How much of a scheme an office sees: all of it, what it adds up to, or its own members (docs/decisions/0014)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from api.auth.scope import VisibleScope
from api.tables import SCHEME_SIGHT, SCHEMES
from contract import regions

_CHUNK: Final = 500


class Sight(StrEnum):
    """What an office sees of a scheme."""

    WHOLE = "whole"
    """Every member, link and figure: the lead office that handles it, and whoever may see every member anyway."""
    AGGREGATE = "aggregate"
    """What it adds up to and no account: lead offices that assist (Order 737 art. 20)."""
    PART = "part"
    """The members that it may see and the links between them, and no figure of the whole."""


def own_members(visible: VisibleScope) -> ColumnElement[bool]:
    """Rows of the members that the office may see: its area and institution types."""
    return and_(
        SCHEME_SIGHT.c.area == visible.area,
        SCHEME_SIGHT.c.institution_type.in_(sorted(visible.institution_types)),
    )


def handles(visible: VisibleScope, lead_region: str | None) -> bool:
    """Whether the office is, or stands above, the lead office of that region."""
    return visible.is_lead and lead_region is not None and regions.covers(visible.area, lead_region)


def handled(visible: VisibleScope) -> ColumnElement[bool]:
    """``handles`` as a condition on ``SCHEMES``; null where a scheme has no lead region."""
    return SCHEMES.c.lead_region.in_(sorted(regions.all_within(visible.area) if visible.is_lead else ()))


def sights(connection: Connection, scheme_ids: Iterable[str], *, visible: VisibleScope) -> dict[str, Sight]:
    """The sight of each scheme that is there; what the office may see of it at all is asked elsewhere."""
    wanted = sorted(set(scheme_ids))
    found: dict[str, Sight] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = connection.execute(select(SCHEMES.c.scheme_id, SCHEMES.c.lead_region).where(SCHEMES.c.scheme_id.in_(chunk)))
        leads = {row.scheme_id: row.lead_region for row in rows}
        seen, every = _counts(connection, chunk, visible)
        for scheme_id, lead_region in leads.items():
            if visible.is_lead:
                found[scheme_id] = Sight.WHOLE if handles(visible, lead_region) else Sight.AGGREGATE
            else:
                found[scheme_id] = Sight.WHOLE if seen[scheme_id] >= every[scheme_id] else Sight.PART
    return found


def _counts(connection: Connection, scheme_ids: list[str], visible: VisibleScope) -> tuple[Counter[str], Counter[str]]:
    """Members that the office may see and all members, by scheme."""
    both = []
    for which in (own_members(visible), SCHEME_SIGHT.c.area == regions.NATION):
        mine = and_(SCHEME_SIGHT.c.scheme_id.in_(scheme_ids), SCHEME_SIGHT.c.is_current, which)
        grouped = select(SCHEME_SIGHT.c.scheme_id, func.count()).where(mine).group_by(SCHEME_SIGHT.c.scheme_id)
        both.append(Counter({row[0]: row[1] for row in connection.execute(grouped)}))
    return both[0], both[1]
