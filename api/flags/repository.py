"""Flags from the database; what the office may see stands in every statement's WHERE."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Connection, Integer, Row, Select, String, and_, bindparam, case, func, select

from api.auth.scope import VisibleScope
from api.flags.cursor import Place
from api.flags.filters import Page, Selection, Sort
from api.flags.where import SHOWN, matching, of_visible_scheme, one_of, visible_flags
from api.ledger.tracks import STATUS_COLUMN
from api.order import beyond
from api.tables import AREAS, FLAGS, REVISIONS
from contract.errors import NotFound

_PLACED: Final = {"cursor", "limit"}
"""What of a page says where in the list it is, not which list."""


class FlagRow(msgspec.Struct, frozen=True):
    """A flag's newest revision, its place in the ledger and in the list's order."""

    place: Place
    account_id: str
    ledger_status: str
    scheme_id: str | None
    document: bytes


def _shown_columns(visible: VisibleScope) -> tuple[Any, ...]:
    state = STATUS_COLUMN[visible.track].label("ledger_status")
    # Whoever sees the flag may see its account, so of a scheme that may be hidden its category alone decides.
    scheme = case((one_of(FLAGS.c.scheme_category, visible.ever), FLAGS.c.scheme_id)).label("scheme_id")
    return (FLAGS.c.flag_id, FLAGS.c.account_id, state, scheme, FLAGS.c.document)


def _row(place: Place, row: Row[Any]) -> FlagRow:
    return FlagRow(place, row.account_id, row.ledger_status, row.scheme_id, bytes(row.document))


def page_of(connection: Connection, page: Page, *, after: Place | None, limit: int, visible: VisibleScope) -> list[FlagRow]:
    """Up to ``limit`` flags that match, after a place; stable while others come in, one index range a page.

    The statement of a list is made once: building and rendering it cost as much as reading a hundred rows.
    """
    statement = _prepared(page.model_dump_json(exclude=_PLACED), visible, after is not None)
    values = {"most": limit} | ({} if after is None else {"after_value": after.value, "after_id": after.flag_id})
    return [
        FlagRow(Place(value, flag_id), account_id, status, scheme_id, bytes(document))
        for value, flag_id, account_id, status, scheme_id, document in connection.execute(statement, values).all()
    ]


@lru_cache(maxsize=1024)
def _prepared(asked: str, visible: VisibleScope, is_after: bool) -> Select[Any]:
    after = (bindparam("after_value", type_=BigInteger), bindparam("after_id", type_=String)) if is_after else None
    return _list(Page.model_validate_json(asked), after, visible).limit(bindparam("most", type_=Integer))


def list_statement(page: Page, *, after: Place | None, visible: VisibleScope) -> Select[Any]:
    """The list's statement with its values, for tests of its plan."""
    return _list(page, None if after is None else (after.value, after.flag_id), visible)


def _list(page: Page, after: tuple[Any, Any] | None, visible: VisibleScope) -> Select[Any]:
    column, falling = _order(page.sort)
    statement = select(column.label("value"), *_shown_columns(visible)).select_from(SHOWN).where(matching(page, visible))
    key = AREAS.c.flag_id
    if after is not None:
        statement = statement.where(beyond((column, key), after, falls=falling))
    if falling:
        return statement.order_by(column.desc(), key.desc())
    return statement.order_by(column, key)


def _order(sort: Sort) -> tuple[Any, bool]:
    column = AREAS.c.score_tenths if sort.endswith("score") else AREAS.c.updated_ms
    return column, sort.startswith("-")


def get(connection: Connection, flag_id: str, *, visible: VisibleScope) -> tuple[FlagRow, list[bytes]]:
    """One flag and the revisions whose category the office may see, oldest first.

    Raises ``NotFound`` for a flag that is absent or unseen, after the same two statements in either case.
    """
    seen = and_(visible_flags(visible, categories=visible.ever), AREAS.c.flag_id == flag_id)
    row = connection.execute(select(FLAGS.c.score_tenths, *_shown_columns(visible)).select_from(SHOWN).where(seen)).one_or_none()
    revisions = connection.execute(
        select(REVISIONS.c.document)
        .select_from(REVISIONS.join(AREAS, AREAS.c.flag_id == REVISIONS.c.flag_id))
        .where(seen, one_of(REVISIONS.c.category, visible.ever))
        .order_by(REVISIONS.c.revision)
    ).all()
    if row is None:
        raise NotFound("no such flag")
    return _row(Place(row.score_tenths, row.flag_id), row), [bytes(revision.document) for revision in revisions]


def after_position(
    connection: Connection, selection: Selection, position: int, *, limit: int, visible: VisibleScope
) -> list[tuple[int, FlagRow]]:
    """Flags that match and whose newest revision came after a position of the ledger, in that order."""
    statement = select(AREAS.c.position, *_shown_columns(visible)).select_from(SHOWN)
    statement = statement.where(AREAS.c.position > position, matching(selection, visible))
    rows = connection.execute(statement.order_by(AREAS.c.position).limit(limit))
    return [(row.position, _row(Place(0, row.flag_id), row)) for row in rows]


def of_account(connection: Connection, institution_code: str, account_id: str, *, visible: VisibleScope) -> list[str]:
    """Ids of an account's flags that the office may see, newest first."""
    own = and_(FLAGS.c.institution_code == institution_code, FLAGS.c.account_id == account_id)
    seen = visible_flags(visible, categories=visible.ever)
    statement = select(FLAGS.c.flag_id).select_from(SHOWN).where(own, seen)
    return [row.flag_id for row in connection.execute(statement.order_by(FLAGS.c.updated_ms.desc(), FLAGS.c.flag_id))]


def of_scheme(connection: Connection, scheme_id: str, *, visible: VisibleScope) -> list[str]:
    """Ids of the flags of a scheme's members that the office may see, newest first."""
    seen = and_(visible_flags(visible, categories=visible.ever), of_visible_scheme(scheme_id, visible))
    statement = select(FLAGS.c.flag_id).select_from(SHOWN).where(seen)
    return [row.flag_id for row in connection.execute(statement.order_by(FLAGS.c.updated_ms.desc(), FLAGS.c.flag_id))]


def newest_ms(connection: Connection, *, visible: VisibleScope) -> int | None:
    """When the newest flag that the office may see was updated: the list's "as of"."""
    # Backwards along the index by time, to the first that is seen: an aggregate would read every flag of the area.
    seen = visible_flags(visible, categories=visible.ever)
    statement = select(AREAS.c.updated_ms).where(seen).order_by(AREAS.c.updated_ms.desc()).limit(1)
    newest: int | None = connection.execute(statement).scalar()
    return newest


def count(connection: Connection, selection: Selection, *, visible: VisibleScope) -> int:
    """How many flags match."""
    statement = select(func.count()).select_from(SHOWN).where(matching(selection, visible))
    return int(connection.execute(statement).scalar_one())
