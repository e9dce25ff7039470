"""Reports as rows: read with what the office may see in the WHERE, written with their history."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, insert, or_, select, update

from api.auth.scope import VisibleScope
from api.flags.where import SHOWN, visible_flags
from api.order import beyond
from api.reports.content import Content
from api.reports.states import State
from api.tables import DELIVERIES, FLAGS, REPORT_HISTORY, REPORTS
from contract import flag as flags
from contract.errors import Conflict, NotFound
from contract.flag import Flag

REPORTED: frozenset[str] = frozenset({"illegal_fundraising"})
"""Order 737 art. 13(3) is about these; what else a flag says is another report's, and another office's."""


@dataclass(slots=True)
class Delivery:
    """A report at one addressee."""

    office_id: str
    state: State
    at_ms: int
    reason: str | None = None


@dataclass(slots=True)
class Report:
    """A report as it stands; ``sent`` None for a draft."""

    report_id: str
    office_id: str
    account_id: str
    institution_code: str
    state: State
    version: int
    changed_ms: int
    author: str
    addressees: list[str]
    working: Content
    sent: Content | None
    deliveries: list[Delivery]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a report: what was done, by whom, and why."""

    report_id: str
    version: int
    at: str
    what: str
    office: str
    holder: str
    reason: str | None = None

    @property
    def digest(self) -> str:
        """What binds the line to the audit."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def visible_reports(visible: VisibleScope) -> ColumnElement[bool]:
    """The office's own and those that were sent to it, as long as it may see the account itself."""
    addressed = exists().where(DELIVERIES.c.report_id == REPORTS.c.report_id, DELIVERIES.c.office_id == visible.office_id)
    about = and_(FLAGS.c.institution_code == REPORTS.c.institution_code, FLAGS.c.account_id == REPORTS.c.account_id)
    seen = visible_flags(visible, categories=REPORTED & visible.ever)
    # Correlated by hand: the area table must not be taken for one of the outer statement.
    account = select(FLAGS.c.flag_id).select_from(SHOWN).where(about, seen).correlate(REPORTS).exists()
    return and_(or_(REPORTS.c.office_id == visible.office_id, addressed), account)


def get(connection: Connection, report_id: str, *, visible: VisibleScope) -> Report:
    """One report; raises ``NotFound`` for one that is absent or unseen, after the same statement in either case."""
    row = connection.execute(select(REPORTS).where(REPORTS.c.report_id == report_id, visible_reports(visible))).one_or_none()
    if row is None:
        raise NotFound("no such report")
    return _read(row, _deliveries(connection, [report_id]))


def page_of(
    connection: Connection, *, states: Sequence[State], after: tuple[int, str] | None, limit: int, visible: VisibleScope
) -> list[Report]:
    """Reports that the office may see, what changed last first."""
    statement = select(REPORTS).where(visible_reports(visible))
    if states:
        statement = statement.where(REPORTS.c.state.in_([state.value for state in states]))
    if after is not None:
        statement = statement.where(beyond((REPORTS.c.changed_ms, REPORTS.c.report_id), after, falls=True))
    rows = connection.execute(statement.order_by(REPORTS.c.changed_ms.desc(), REPORTS.c.report_id.desc()).limit(limit)).all()
    deliveries = _deliveries(connection, [row.report_id for row in rows])
    return [_read(row, deliveries) for row in rows]


def flags_of(connection: Connection, institution_code: str, account_id: str, *, visible: VisibleScope) -> list[Flag]:
    """The account's flags that a report may be about, newest first; raises ``NotFound`` where the office sees none."""
    own = and_(FLAGS.c.institution_code == institution_code, FLAGS.c.account_id == account_id)
    seen = visible_flags(visible, categories=REPORTED & visible.ever)
    statement = select(FLAGS.c.document).select_from(SHOWN).where(own, seen)
    rows = connection.execute(statement.order_by(FLAGS.c.updated_ms.desc(), FLAGS.c.flag_id)).all()
    if not rows:
        raise NotFound("no such account, or none that such a report is about")
    return [flags.decode(bytes(row.document)) for row in rows]


def add(connection: Connection, report: Report) -> None:
    """Keep a new report."""
    connection.execute(insert(REPORTS).values(_row(report)))


def replace(connection: Connection, report: Report, *, expected: int) -> None:
    """Write a report back with its deliveries; raises ``Conflict`` where another version stands there by now."""
    claim = update(REPORTS).where(REPORTS.c.report_id == report.report_id, REPORTS.c.version == expected)
    if connection.execute(claim.values(_row(report))).rowcount != 1:
        raise Conflict("the report has changed since you looked at it")
    connection.execute(delete(DELIVERIES).where(DELIVERIES.c.report_id == report.report_id))
    if report.deliveries:
        rows = [
            {
                "report_id": report.report_id,
                "office_id": d.office_id,
                "state": d.state.value,
                "at_ms": d.at_ms,
                "reason": d.reason,
            }
            for d in report.deliveries
        ]
        connection.execute(insert(DELIVERIES), rows)


def note(connection: Connection, line: Line) -> None:
    """Keep a line of a report's history."""
    row = {"report_id": line.report_id, "version": line.version, "document": msgspec.json.encode(line)}
    connection.execute(insert(REPORT_HISTORY).values(row))


def history_of(connection: Connection, report_id: str) -> list[Line]:
    """A report's history, oldest first."""
    mine = select(REPORT_HISTORY.c.document).where(REPORT_HISTORY.c.report_id == report_id)
    rows = connection.execute(mine.order_by(REPORT_HISTORY.c.version))
    return [msgspec.json.decode(bytes(row.document), type=Line) for row in rows]


def _deliveries(connection: Connection, report_ids: Sequence[str]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    statement = select(DELIVERIES).where(DELIVERIES.c.report_id.in_(report_ids)).order_by(DELIVERIES.c.office_id)
    for row in connection.execute(statement):
        found.setdefault(row.report_id, []).append(Delivery(row.office_id, State(row.state), row.at_ms, row.reason))
    return found


def _read(row: Row[Any], deliveries: dict[str, list[Delivery]]) -> Report:
    return Report(
        report_id=row.report_id,
        office_id=row.office_id,
        account_id=row.account_id,
        institution_code=row.institution_code,
        state=State(row.state),
        version=row.version,
        changed_ms=row.changed_ms,
        author=row.author,
        addressees=msgspec.json.decode(bytes(row.addressees), type=list[str]),
        working=msgspec.json.decode(bytes(row.working), type=Content),
        sent=None if row.sent is None else msgspec.json.decode(bytes(row.sent), type=Content),
        deliveries=deliveries.get(row.report_id, []),
    )


def _row(report: Report) -> dict[str, Any]:
    return {
        "report_id": report.report_id,
        "office_id": report.office_id,
        "account_id": report.account_id,
        "institution_code": report.institution_code,
        "state": report.state.value,
        "version": report.version,
        "changed_ms": report.changed_ms,
        "author": report.author,
        "addressees": msgspec.json.encode(report.addressees),
        "working": msgspec.json.encode(report.working),
        "sent": None if report.sent is None else msgspec.json.encode(report.sent),
    }
