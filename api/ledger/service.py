"""The risk ledger for people: lists, one entry with its history, and steps in one transaction with their record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from api.audit import repository as audit
from api.audit.trail import Trail
from api.auth import repository as offices
from api.auth.offices import Kind, Office
from api.auth.places import Places
from api.auth.principal import Principal
from api.auth.scope import VisibleScope, visible_scope
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags import repository as flags
from api.ledger import history, lists, moves, rows
from api.ledger.deadlines import Deadlines
from api.ledger.filters import EntryPage
from api.ledger.history import HistoryLine
from api.ledger.moves import Step, Transition
from api.ledger.referral import refer
from api.ledger.rows import Entry
from api.ledger.sight import is_of
from api.ledger.states import Status
from api.outbox import verdicts
from api.tables import ENTRIES, HISTORY
from contract.errors import Conflict, Unprocessable
from contract.shanghai import day_of


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as one office reads it: its history and the flags of the account that the office may see."""

    entry: Entry
    history: list[HistoryLine]
    flag_ids: list[str]


@dataclass(frozen=True, slots=True)
class Board:
    """The ledger over a database; ``clock_ms`` is the wall clock, people's deadlines go by it."""

    database: Database
    secret: ServerSecret
    deadlines: Deadlines
    clock_ms: Callable[[], int]

    def page(self, page: EntryPage, *, visible: VisibleScope) -> tuple[list[Entry], str | None]:
        """The entries of one page and the cursor of the next, None at the end."""
        places = Places(self.secret, "ledger", _context(page, visible))
        after = places.after(page.cursor)
        today = day_of(self.clock_ms())
        with self.database.reading() as connection:
            found = lists.page_of(connection, page, after=after, limit=page.limit + 1, today=today, visible=visible)
        shown = found[: page.limit]
        cursor = None
        if len(found) > page.limit:
            cursor = places.cursor((shown[-1][0], shown[-1][1].entry_id))
        return [entry for _, entry in shown], cursor

    def get(self, entry_id: str, *, visible: VisibleScope) -> EntryView:
        """One entry; raises ``NotFound`` where it is absent or unseen."""
        with self.database.reading() as connection:
            return view_of(connection, lists.get(connection, entry_id, visible=visible), visible)

    def move(
        self, connection: Connection, entry_id: str, asked: Transition, *, by: Principal, visible: VisibleScope, trail: Trail
    ) -> EntryView:
        """Take a step in the caller's write transaction.

        Raises ``NotFound``, ``Conflict`` where somebody else was first or the state has no such step, ``Forbidden``
        where this person may not, ``Unprocessable`` where something is missing.
        """
        now = self.clock_ms()
        entry = lists.get(connection, entry_id, visible=visible)
        before = entry.status
        if asked.expected_version != entry.version:
            raise Conflict("the entry has changed since you looked at it")
        target = None if asked.office is None else _addressee(connection, asked.office, entry, by.office)
        step = moves.decide(entry, asked, by, now_ms=now)
        if target is None and step.status is Status.TRANSFERRED and step.taken.referred_to is not None:
            target = _addressee(connection, step.taken.referred_to, entry, by.office)
        self._change(entry, step, by, now)
        claim(connection, entry, asked.expected_version)
        rows.replace(connection, [entry])
        if entry.status is not before:
            rows.show_status(connection, [entry])
        verdicts.tell(connection, entry, before=before, now_ms=now)
        lines = [_line(entry, step, before)]
        if target is not None and step.kind is history.Kind.MOVED and target.kind is Kind.POLICE:
            lines += refer(connection, entry, target, by=by, now_ms=now, deadlines=self.deadlines)
        connection.execute(insert(HISTORY), [history.row(line) for line in lines])
        accounts, request_id, key_id = entry.accounts, trail.request_id, by.key_id
        audit.append(
            connection,
            [history.act(line, now_ms=now, request_id=request_id, accounts=accounts, key_id=key_id) for line in lines],
        )
        return view_of(connection, entry, visible)

    def _change(self, entry: Entry, step: Step, by: Principal, now: int) -> None:
        entry.version += 1
        entry.changed_ms = now
        entry.proposal = step.proposal
        if step.taken.next_action is not None and step.kind is history.Kind.MOVED:
            entry.next_action = step.taken.next_action
        if step.status is entry.status:
            return
        entry.status = step.status
        entry.due_day = self.deadlines.due_day(step.status, now_ms=now)
        if step.status is Status.UNDER_ANALYSIS:
            entry.owner_office, entry.owner = by.office.office_id, by.holder
        elif step.status is Status.TRANSFERRED:
            entry.owner_office, entry.owner = step.taken.referred_to, None


def claim(connection: Connection, entry: Entry, expected: int) -> None:
    """Take the version: whoever comes second finds it taken, whatever the isolation of the database."""
    claim = update(ENTRIES).where(ENTRIES.c.entry_id == entry.entry_id, ENTRIES.c.version == expected)
    if connection.execute(claim.values(version=entry.version)).rowcount != 1:
        raise Conflict("the entry has changed since you looked at it")


def _line(entry: Entry, step: Step, before: Status) -> HistoryLine:
    return HistoryLine(
        entry_id=entry.entry_id,
        version=entry.version,
        at=step.taken.at,
        kind=step.kind,
        from_status=before,
        to_status=entry.status,
        proposed=step.taken.to if step.kind is history.Kind.PROPOSED else None,
        reason=step.taken.reason,
        office=step.taken.office,
        holder=step.taken.holder,
        evidence=step.taken.evidence,
        referred_to=step.taken.referred_to,
        next_action=step.taken.next_action,
    )


def _addressee(connection: Connection, office_id: str, entry: Entry, own: Office) -> Office:
    """The office of a referral: the police, or one that sees the account by itself."""
    office = offices.find_office(connection, office_id)
    if office is None or office.office_id == own.office_id:
        raise Unprocessable("office: not one that this can be referred to")
    scope = visible_scope(office)
    is_police = office.kind is Kind.POLICE
    sees = scope.area in entry.areas() and is_of(entry.type_in(scope.area), scope.institution_types)
    if not is_police and not (sees and entry.evidence.strongest.category in scope.categories):
        raise Unprocessable("office: not one that this can be referred to")
    return office


def view_of(connection: Connection, entry: Entry, visible: VisibleScope) -> EntryView:
    """The entry with its history and its flags, as the office reads it."""
    if entry.scheme_id is None:
        seen = flags.of_account(connection, entry.institution_code, entry.account_id, visible=visible)
    else:
        seen = flags.of_scheme(connection, entry.scheme_id, visible=visible)
    return EntryView(entry, history.lines_of(connection, entry.entry_id), seen)


def _context(page: EntryPage, visible: VisibleScope) -> str:
    return visible.office_id + "\n" + page.model_dump_json(exclude={"cursor", "limit"})
