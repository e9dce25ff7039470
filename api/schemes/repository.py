"""Schemes from the database; what the office may see stands in every statement's WHERE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, select

from api.auth.scope import VisibleScope
from api.ledger.sight import Account
from api.ledger.sights import own_members
from api.order import beyond
from api.schemes.filters import SchemePage
from api.schemes.where import OWN_ROW, matching, visible_schemes
from api.tables import ENTRIES, SCHEME_REVISIONS, SCHEME_SIGHT, SCHEMES
from contract import scheme as contract
from contract.errors import NotFound
from contract.scheme import Scheme

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A scheme's newest revision, its place in the ledger and its value in the list's order."""

    value: int
    scheme: Scheme
    entry_id: str | None
    ledger_status: str


def page_of(
    connection: Connection, page: SchemePage, *, after: tuple[int, str] | None, limit: int, visible: VisibleScope
) -> list[SchemeRow]:
    """Up to ``limit`` schemes that match, after a place; stable while others come in."""
    return [_row(row) for row in connection.execute(list_statement(page, after=after, visible=visible).limit(limit))]


def list_statement(page: SchemePage, *, after: tuple[int, str] | None, visible: VisibleScope) -> Select[Any]:
    """The list's statement."""
    column = SCHEMES.c.score_tenths if page.sort.endswith("score") else SCHEMES.c.updated_ms
    falls = page.sort.startswith("-")
    key = SCHEMES.c.scheme_id
    statement = _shown(visible, column).where(matching(page, visible))
    if after is not None:
        statement = statement.where(beyond((column, key), after, falls=falls))
    return statement.order_by(column.desc(), key.desc()) if falls else statement.order_by(column, key)


def get(connection: Connection, scheme_id: str, *, visible: VisibleScope) -> tuple[SchemeRow, list[Scheme]]:
    """One scheme and the revisions whose category the office may see, oldest first.

    Raises ``NotFound`` for a scheme that is absent or unseen, after the same two statements in either case.
    """
    seen = and_(visible_schemes(visible, categories=visible.ever), SCHEMES.c.scheme_id == scheme_id)
    row = connection.execute(_shown(visible, SCHEMES.c.score_tenths).where(seen)).one_or_none()
    revisions = connection.execute(
        select(SCHEME_REVISIONS.c.document)
        .select_from(SCHEME_REVISIONS.join(SCHEMES, SCHEMES.c.scheme_id == SCHEME_REVISIONS.c.scheme_id))
        .where(seen, SCHEME_REVISIONS.c.category.in_(sorted(visible.ever)))
        .order_by(SCHEME_REVISIONS.c.revision)
    ).all()
    if row is None:
        raise NotFound("no such scheme")
    return _row(row), [contract.decode(bytes(one.document)) for one in revisions]


def members(connection: Connection, scheme_ids: Iterable[str], *, visible: VisibleScope) -> dict[str, set[Account]]:
    """By scheme, the accounts that are or were in it and that the office may see."""
    wanted = sorted(set(scheme_ids))
    found: dict[str, set[Account]] = {scheme_id: set() for scheme_id in wanted}
    columns = (SCHEME_SIGHT.c.scheme_id, SCHEME_SIGHT.c.institution_code, SCHEME_SIGHT.c.account_id)
    for start in range(0, len(wanted), _CHUNK):
        mine = SCHEME_SIGHT.c.scheme_id.in_(wanted[start : start + _CHUNK])
        for row in connection.execute(select(*columns).where(mine, own_members(visible))):
            found[row.scheme_id].add((row.institution_code, row.account_id))
    return found


def _shown(visible: VisibleScope, value: Any) -> Select[Any]:
    beside = SCHEMES.outerjoin(ENTRIES, and_(OWN_ROW, ENTRIES.c.track == visible.track.value))
    columns = (SCHEMES.c.document, ENTRIES.c.entry_id, ENTRIES.c.status.label("ledger_status"))
    return select(value.label("value"), *columns).select_from(beside)


def _row(row: Row[Any]) -> SchemeRow:
    return SchemeRow(row.value, contract.decode(bytes(row.document)), row.entry_id, row.ledger_status or "new")
