"""Accounts from the database, as far as an office may see a flag of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from api.auth.scope import VisibleScope
from api.flags.where import SHOWN, visible_flags
from api.ledger.tracks import STATUS_COLUMN
from api.tables import AREAS, ENTRIES, FLAGS, REVISIONS
from contract import flag as flags
from contract.errors import NotFound
from contract.flag import Flag


@dataclass(frozen=True, slots=True)
class SeenFlag:
    """A flag of an account, with the state of the account's entry as the office knows it."""

    flag: Flag
    ledger_status: str


def flags_of(connection: Connection, account_id: str, *, visible: VisibleScope) -> list[SeenFlag]:
    """The account's flags that the office may see, newest first; raises ``NotFound`` where there are none."""
    found = seen_flags(connection, account_id, visible=visible)
    if not found:
        raise NotFound("no such account")
    return found


def seen_flags(connection: Connection, account_id: str, *, visible: VisibleScope) -> list[SeenFlag]:
    """The account's flags that the office may see, newest first; none of an account that is absent or unseen."""
    seen = and_(FLAGS.c.account_id == account_id, visible_flags(visible, categories=visible.ever))
    state = STATUS_COLUMN[visible.track].label("ledger_status")
    statement = select(FLAGS.c.document, state).select_from(SHOWN).where(seen)
    rows = connection.execute(statement.order_by(FLAGS.c.updated_ms.desc(), FLAGS.c.flag_id)).all()
    return [SeenFlag(flags.decode(bytes(row.document)), row.ledger_status) for row in rows]


def revisions_of(connection: Connection, flag_ids: Sequence[str], *, visible: VisibleScope) -> list[Flag]:
    """Every revision of these flags that the office may see, oldest first."""
    seen = and_(visible_flags(visible, categories=visible.ever), AREAS.c.flag_id.in_(flag_ids))
    statement = (
        select(REVISIONS.c.document)
        .select_from(REVISIONS.join(AREAS, AREAS.c.flag_id == REVISIONS.c.flag_id))
        .where(seen, REVISIONS.c.category.in_(sorted(visible.ever)))
        .order_by(REVISIONS.c.updated_ms, REVISIONS.c.flag_id, REVISIONS.c.revision)
    )
    return [flags.decode(bytes(row.document)) for row in connection.execute(statement)]


def entries_of(connection: Connection, account_id: str, *, visible: VisibleScope) -> dict[str, str]:
    """Ids of the account's ledger entries on the office's track, by institution."""
    statement = select(ENTRIES.c.institution_code, ENTRIES.c.entry_id)
    own = and_(ENTRIES.c.account_id == account_id, ENTRIES.c.track == visible.track.value)
    return {row.institution_code: row.entry_id for row in connection.execute(statement.where(own))}


def institution_types(connection: Connection, accounts: Sequence[str], *, visible: VisibleScope) -> frozenset[str]:
    """Types of the institutions that hold these accounts; raises ``NotFound`` where the office may not see one."""
    seen = and_(FLAGS.c.account_id.in_(accounts), visible_flags(visible, categories=visible.ever))
    statement = select(FLAGS.c.account_id, FLAGS.c.institution_type).select_from(SHOWN).where(seen)
    rows = connection.execute(statement).all()
    if {row.account_id for row in rows} != set(accounts):
        raise NotFound("no such account")
    return frozenset(row.institution_type for row in rows)


def seen_of(connection: Connection, accounts: Sequence[str], *, visible: VisibleScope) -> dict[tuple[str, str], frozenset[str]]:
    """Types of the institution, by institution and account, of those that the office may see a flag of; no others."""
    seen = and_(FLAGS.c.account_id.in_(accounts), visible_flags(visible, categories=visible.ever))
    columns = (FLAGS.c.institution_code, FLAGS.c.account_id, FLAGS.c.institution_type)
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in connection.execute(select(*columns).select_from(SHOWN).where(seen).distinct()):
        at = (row.institution_code, row.account_id)
        found[at] = found.get(at, frozenset()) | {row.institution_type}
    return found
