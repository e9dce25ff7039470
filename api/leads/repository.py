"""Leads in the database: an office's own, with how many flags it sees of their subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, insert, select

from api.auth.scope import VisibleScope
from api.flags.where import visible_flags
from api.order import beyond
from api.tables import AREAS, FLAGS, LEADS
from contract.errors import NotFound


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """A lead as it was written down, without who told it."""

    lead_id: str
    kind: str
    subject: str | None
    region: str | None
    text: str
    received_on: str
    recorded_at: str
    recorded_by: str
    has_informant: bool


@dataclass(frozen=True, slots=True)
class MatchedLead:
    """A lead, its place, and the ids of flags of its subject that the office may see."""

    lead: Lead
    received_ms: int
    flag_ids: list[str]


def add(connection: Connection, lead: Lead, *, office_id: str, received_ms: int, informant: str | None) -> None:
    """Keep a lead; ``informant`` is sealed already."""
    connection.execute(
        insert(LEADS).values(
            lead_id=lead.lead_id,
            office_id=office_id,
            received_ms=received_ms,
            kind=lead.kind,
            subject=lead.subject,
            document=msgspec.json.encode(lead),
            informant=informant,
        )
    )


def page_of(connection: Connection, *, after: tuple[int, str] | None, limit: int, visible: VisibleScope) -> list[MatchedLead]:
    """The office's own leads, newest first."""
    statement = select(LEADS.c.document, LEADS.c.received_ms).where(LEADS.c.office_id == visible.office_id)
    if after is not None:
        statement = statement.where(beyond((LEADS.c.received_ms, LEADS.c.lead_id), after, falls=True))
    order = statement.order_by(LEADS.c.received_ms.desc(), LEADS.c.lead_id.desc()).limit(limit)
    rows = connection.execute(order).all()
    found = [(msgspec.json.decode(bytes(row.document), type=Lead), row.received_ms) for row in rows]
    matches = _matches(connection, {lead.subject for lead, _ in found if lead.subject}, visible)
    return [MatchedLead(lead, at, matches.get(lead.subject or "", [])) for lead, at in found]


def informant_of(connection: Connection, lead_id: str, *, office_id: str) -> str | None:
    """The sealed informant of the office's own lead; raises ``NotFound`` for any other lead."""
    statement = select(LEADS.c.informant).where(LEADS.c.lead_id == lead_id, LEADS.c.office_id == office_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("no such lead")
    informant: str | None = row.informant
    return informant


def _matches(connection: Connection, subjects: set[str], visible: VisibleScope) -> dict[str, list[str]]:
    """Flags by the pseudonym of their account or holder."""
    found: dict[str, list[str]] = {}
    shown = FLAGS.join(AREAS, AREAS.c.flag_id == FLAGS.c.flag_id)
    wanted = sorted(subjects)
    columns: tuple[Any, ...] = (FLAGS.c.account_id, FLAGS.c.customer_id)
    for column in columns:
        seen = and_(column.in_(wanted), visible_flags(visible, categories=visible.ever))
        statement = select(column, FLAGS.c.flag_id).select_from(shown).where(seen).order_by(FLAGS.c.flag_id)
        for row in connection.execute(statement):
            found.setdefault(row[0], []).append(row[1])
    return found
