"""Entries added up in the database, over the same WHERE as the ledger's list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, select

from api.auth.scope import VisibleScope
from api.ledger.lists import visible_entries
from api.ledger.sight import PAYERS_ALONE
from api.ledger.sights import handled, own_members
from api.ledger.states import Status
from api.tables import AREAS, ENTRIES, ENTRY_AREAS, FLAGS, INDUSTRIES, SCHEME_SIGHT, SCHEMES, TYPOLOGIES
from contract import regions
from contract.shanghai import DAY_MS, OFFSET_MS, date_of

CONFIRMED: Final = (Status.REPORTED_LOCAL, Status.TRANSFERRED, Status.CLOSED)
"""States that say that people found it to be one; the report to the monitoring centre is none of them on purpose."""


class By(StrEnum):
    """What entries are added up by."""

    MONTH = "month"
    REGION = "region"
    INSTITUTION = "institution"
    INSTITUTION_TYPE = "institution_type"
    TYPOLOGY = "typology"
    SEVERITY = "severity"
    STATUS = "status"
    INDUSTRY = "industry"


_IN = AREAS.alias("seen_areas")
_LIES_IN = ENTRY_AREAS.alias("lies_in")
_COLUMNS: Final[dict[By, ColumnElement[Any]]] = {
    By.MONTH: (ENTRIES.c.opened_ms + OFFSET_MS) // DAY_MS,
    By.REGION: _LIES_IN.c.area,
    By.INSTITUTION: ENTRIES.c.institution_code,
    By.INSTITUTION_TYPE: ENTRIES.c.institution_type,
    By.TYPOLOGY: TYPOLOGIES.c.name,
    By.SEVERITY: ENTRIES.c.severity,
    By.STATUS: ENTRIES.c.status,
    By.INDUSTRY: INDUSTRIES.c.division,
}
Group = tuple[str, ...]


def counted(
    connection: Connection, by: Sequence[By], *, since_ms: int | None, until_ms: int | None, visible: VisibleScope
) -> dict[Group, Counter[str]]:
    """Entries by the values of ``by`` and their state; an entry counts once in each group that it stands in."""
    columns = [_COLUMNS[one].label(f"by_{number}") for number, one in enumerate(by)]
    entry = func.count(distinct(ENTRIES.c.entry_id))
    statement = select(*columns, ENTRIES.c.status.label("state"), entry.label("n")).select_from(_joined(by, visible))
    conditions = [visible_entries(visible)]
    if since_ms is not None:
        conditions.append(ENTRIES.c.opened_ms >= since_ms)
    if until_ms is not None:
        conditions.append(ENTRIES.c.opened_ms < until_ms)
    if By.INSTITUTION in by:
        # A scheme's row has no institution of its own.
        conditions.append(ENTRIES.c.institution_code != "")
    if By.REGION in by:
        conditions.append(_LIES_IN.c.area.not_like("@%"))
        if not visible.is_lead:
            # Where payers are is no place of accounts, and those alone are a regulator's remit.
            conditions.append(_LIES_IN.c.institution_type != PAYERS_ALONE)
    grouped = statement.where(*conditions).group_by(*(_COLUMNS[one] for one in by), ENTRIES.c.status)
    below = regions.all_within(visible.area) | {visible.area} if By.REGION in by else frozenset()
    found: dict[Group, Counter[str]] = {}
    for row in connection.execute(grouped):
        group = tuple(_value(one, row[number]) for number, one in enumerate(by))
        if By.REGION in by and group[list(by).index(By.REGION)] not in below:
            continue
        found.setdefault(group, Counter())[row.state] += row.n
    return dict(sorted(found.items()))


def _joined(by: Sequence[By], visible: VisibleScope) -> Any:
    joined: Any = ENTRIES.join(ENTRY_AREAS, ENTRY_AREAS.c.entry_id == ENTRIES.c.entry_id)
    if By.REGION in by:
        joined = joined.join(_LIES_IN, _LIES_IN.c.entry_id == ENTRIES.c.entry_id)
    if By.TYPOLOGY in by:
        own = and_(FLAGS.c.institution_code == ENTRIES.c.institution_code, FLAGS.c.account_id == ENTRIES.c.account_id)
        # What the account's flags say, as far as the office may see those flags: an entry has more than its list shows.
        seen = and_(
            _IN.c.flag_id == FLAGS.c.flag_id,
            _IN.c.area == visible.area,
            _IN.c.institution_type.in_(sorted(visible.institution_types)),
            _IN.c.category.in_(sorted(visible.categories)),
        )
        joined = joined.join(FLAGS, own).join(_IN, seen).join(TYPOLOGIES, TYPOLOGIES.c.flag_id == FLAGS.c.flag_id)
    if By.INDUSTRY in by:
        joined = _with_industries(joined, visible)
    return joined


def _with_industries(joined: Any, visible: VisibleScope) -> Any:
    """The industry of an account's row; of a scheme's row those of its members that the office may see. Never drops a row.

    A lead office that assists is shown no member, so the scheme's industry is unknown to it.
    """
    member = and_(
        ENTRIES.c.institution_code == "",
        SCHEME_SIGHT.c.scheme_id == ENTRIES.c.account_id,
        own_members(visible),
        SCHEME_SIGHT.c.is_current,
    )
    if visible.is_lead:
        member = and_(member, SCHEME_SIGHT.c.scheme_id.in_(select(SCHEMES.c.scheme_id).where(handled(visible))))
    of_account = and_(
        INDUSTRIES.c.institution_code == func.coalesce(SCHEME_SIGHT.c.institution_code, ENTRIES.c.institution_code),
        INDUSTRIES.c.account_id == func.coalesce(SCHEME_SIGHT.c.account_id, ENTRIES.c.account_id),
    )
    return joined.outerjoin(SCHEME_SIGHT, member).outerjoin(INDUSTRIES, of_account)


def _value(by: By, found: Any) -> str:
    if by is By.MONTH:
        return date_of(int(found)).isoformat()[:7]
    if by is By.INDUSTRY and found is None:
        return "unknown"
    return "none" if found is None else str(found)
