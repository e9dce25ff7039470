"""Entries as rows: made, read, and written back with their areas and the state beside their flags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, exists, or_, select, update

from api.areas import areas_of
from api.ledger.evidence import Evidence
from api.ledger.inserting import insert_rows
from api.ledger.states import Status
from api.ledger.tracks import OPENED_BY, STATUS_COLUMN, Track
from api.tables import ENTRIES, ENTRY_AREAS, FLAGS

_CHUNK: Final = 500
Key = tuple[Track, str, str]
"""Track, institution and account; for a scheme's row no institution and the scheme's id."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A step that waits for its second person."""

    to: Status
    reason: str
    office: str
    holder: str
    at: str
    evidence: list[str] = []
    referred_to: str | None = None
    next_action: str | None = None


@dataclass(slots=True)
class Entry:
    """A ledger entry as it stands; ``due_day`` is ``NEVER_DUE`` where nothing is due.

    A scheme's entry has no institution: its ``account_id`` is the scheme's id and ``institution_type`` the mark of its
    members' types (``api.ledger.sight``). ``shows_figures`` is whether who asked may see what the scheme adds up to.
    """

    entry_id: str
    track: Track
    institution_code: str
    institution_type: str
    account_id: str
    status: Status
    version: int
    opened_ms: int
    changed_ms: int
    due_day: int
    evidence: Evidence
    owner_office: str | None = None
    owner: str | None = None
    next_action: str | None = None
    proposal: Proposal | None = None
    extra_areas: tuple[str, ...] = ()
    """Areas beside those of its flags: the office that it was referred to."""
    shows_figures: bool = True

    @property
    def key(self) -> Key:
        """What it is the row of."""
        return self.track, self.institution_code, self.account_id

    @property
    def scheme_id(self) -> str | None:
        """The scheme that it is the row of, None for an account's."""
        return None if self.institution_code else self.account_id

    @property
    def accounts(self) -> list[str]:
        """The account that it is the row of, none for a scheme's."""
        return [self.account_id] if self.institution_code else []

    def type_in(self, area: str) -> str:
        """The institution type, or the mark of types, that the entry has in an area."""
        return self.evidence.areas.get(area, self.institution_type)

    def areas(self) -> list[str]:
        """Every area that the entry is seen from."""
        if self.track is Track.CASE:
            return sorted(self.extra_areas)
        if self.scheme_id is not None:
            return sorted(self.evidence.areas)
        found: set[str] = set()
        for seen in self.evidence.flags.values():
            found.update(areas_of(seen.branch_region))
            if seen.subject_region is not None:
                found.update(areas_of(seen.subject_region))
        return sorted(found)


def read(row: Row[Any]) -> Entry:
    """An entry from its row."""
    return Entry(
        entry_id=row.entry_id,
        track=Track(row.track),
        institution_code=row.institution_code,
        institution_type=row.institution_type,
        account_id=row.account_id,
        status=Status(row.status),
        version=row.version,
        opened_ms=row.opened_ms,
        changed_ms=row.changed_ms,
        due_day=row.due_day,
        evidence=msgspec.json.decode(bytes(row.evidence), type=Evidence),
        owner_office=row.owner_office,
        owner=row.owner,
        next_action=row.next_action,
        proposal=None if row.proposal is None else msgspec.json.decode(bytes(row.proposal), type=Proposal),
    )


def of_accounts(connection: Connection, accounts: Iterable[str]) -> list[Entry]:
    """All entries of these accounts, whatever the institution and track."""
    wanted = sorted(set(accounts))
    found: list[Entry] = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found += map(read, connection.execute(select(ENTRIES).where(ENTRIES.c.account_id.in_(chunk))))
    cases = [entry for entry in found if entry.track is Track.CASE]
    for entry in cases:
        areas = connection.execute(select(ENTRY_AREAS.c.area).where(ENTRY_AREAS.c.entry_id == entry.entry_id))
        entry.extra_areas = tuple(row.area for row in areas)
    return found


def add(connection: Connection, entries: Sequence[Entry]) -> None:
    """Insert new entries."""
    if entries:
        insert_rows(connection, ENTRIES, [_row(entry) for entry in entries])
        _place(connection, entries)


def replace(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write entries back, their areas anew."""
    if not entries:
        return
    rows = [_row(entry) | {"of": entry.entry_id} for entry in entries]
    connection.execute(update(ENTRIES).where(ENTRIES.c.entry_id == bindparam("of")), rows)
    connection.execute(delete(ENTRY_AREAS).where(ENTRY_AREAS.c.entry_id == bindparam("of")), [{"of": row["of"]} for row in rows])
    _place(connection, entries)


def show_status(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write each entry's state beside the flags that it is about: of an account, or of members without a row of their own."""
    for track in Track:
        rows = [
            {"code": entry.institution_code, "account": entry.account_id, "state": entry.status.value}
            for entry in entries
            if entry.track is track and entry.scheme_id is None
        ]
        categories = [name for name, tracks in OPENED_BY.items() if track in tracks or track is Track.CASE]
        schemes = [entry for entry in entries if entry.track is track and entry.scheme_id is not None]
        _show_of_schemes(connection, track, schemes, categories)
        if not rows:
            continue
        statement = update(FLAGS).where(
            FLAGS.c.institution_code == bindparam("code"),
            FLAGS.c.account_id == bindparam("account"),
            _of_categories(categories),
        )
        connection.execute(statement.values({STATUS_COLUMN[track]: bindparam("state")}), rows)


def _show_of_schemes(connection: Connection, track: Track, entries: Sequence[Entry], categories: Sequence[str]) -> None:
    if not entries:
        return
    own = exists().where(
        ENTRIES.c.institution_code == FLAGS.c.institution_code,
        ENTRIES.c.account_id == FLAGS.c.account_id,
        ENTRIES.c.track == track.value,
    )
    mine = (FLAGS.c.scheme_id == bindparam("scheme"), _of_categories(categories), ~own)
    statement = update(FLAGS).where(*mine).values({STATUS_COLUMN[track]: bindparam("state")})
    connection.execute(statement, [{"scheme": entry.scheme_id, "state": entry.status.value} for entry in entries])


def _of_categories(categories: Sequence[str]) -> ColumnElement[bool]:
    # Not IN: a statement for many rows at once takes no list of parameters, and it failed where two entries changed.
    return or_(*(FLAGS.c.category == name for name in categories))


def _place(connection: Connection, entries: Sequence[Entry]) -> None:
    insert_rows(
        connection,
        ENTRY_AREAS,
        [
            {
                "entry_id": entry.entry_id,
                "area": area,
                "track": entry.track.value,
                "institution_type": entry.type_in(area),
                "score_tenths": entry.evidence.strongest.score_tenths,
                "changed_ms": entry.changed_ms,
                "due_day": entry.due_day,
            }
            for entry in entries
            for area in entry.areas()
        ],
    )


def _row(entry: Entry) -> dict[str, Any]:
    strongest = entry.evidence.strongest
    return {
        "entry_id": entry.entry_id,
        "track": entry.track.value,
        "institution_code": entry.institution_code,
        "institution_type": entry.institution_type,
        "account_id": entry.account_id,
        "branch_region": strongest.branch_region,
        "subject_region": strongest.subject_region,
        "status": entry.status.value,
        "version": entry.version,
        "category": strongest.category,
        "severity": entry.evidence.severity,
        "score_tenths": strongest.score_tenths,
        "opened_ms": entry.opened_ms,
        "changed_ms": entry.changed_ms,
        "due_day": entry.due_day,
        "owner_office": entry.owner_office,
        "owner": entry.owner,
        "next_action": entry.next_action,
        "proposal": None if entry.proposal is None else msgspec.json.encode(entry.proposal),
        "evidence": msgspec.json.encode(entry.evidence),
    }
