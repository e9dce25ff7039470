"""How flags become ledger entries: a row opened, evidence joined, an ended row opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from api.audit import repository as audit
from api.ledger import history, rows
from api.ledger.deadlines import Deadlines
from api.ledger.evidence import NOTHING, Evidence, joined, with_member_flag
from api.ledger.history import HistoryLine, Kind
from api.ledger.inserting import insert_rows
from api.ledger.membership import Membership
from api.ledger.rows import Entry, Key
from api.ledger.sight import Account
from api.ledger.states import ENDED, Status
from api.ledger.tracks import OPENED_BY, Track, entry_id
from api.tables import HISTORY
from contract.flag import Flag
from contract.shanghai import text_ms


class Source(NamedTuple):
    """The revision that told it: of a flag, or of a scheme."""

    flag_id: str | None
    scheme_id: str | None
    revision: int


@dataclass(slots=True)
class Taking:
    """A batch's entries while its revisions are taken in, one after the other as the log has them."""

    now_ms: int
    deadlines: Deadlines
    known: dict[Key, Entry]
    added: dict[Key, Entry] = field(default_factory=dict)
    changed: dict[Key, Entry] = field(default_factory=dict)
    reopened: set[Key] = field(default_factory=set)
    lines: list[tuple[HistoryLine, list[str]]] = field(default_factory=list)

    def open(self, key: Key, institution_type: str, evidence: Evidence, news: list[str], source: Source) -> None:
        """Open a row."""
        entry = Entry(
            entry_id=entry_id(*key),
            track=key[0],
            institution_code=key[1],
            institution_type=institution_type,
            account_id=key[2],
            status=Status.NEW,
            version=1,
            opened_ms=self.now_ms,
            changed_ms=self.now_ms,
            due_day=self.deadlines.due_day(Status.NEW, now_ms=self.now_ms),
            evidence=evidence,
        )
        self.known[key] = self.added[key] = entry
        self._note(entry, Kind.OPENED, None, source, news)

    def join(self, entry: Entry, evidence: Evidence, news: list[str], source: Source, *, reopens: bool = True) -> None:
        """Join evidence to a row; measures alone change the row and give no new version."""
        entry.evidence = evidence
        if entry.key not in self.added:
            self.changed[entry.key] = entry
        if not news:
            return
        before = entry.status
        entry.version += 1
        entry.changed_ms = self.now_ms
        # Whoever was about to confirm has to look again.
        entry.proposal = None
        reopens = reopens and before in ENDED
        if reopens:
            entry.status = Status.NEW
            self.reopened.add(entry.key)
            entry.due_day = self.deadlines.due_day(Status.NEW, now_ms=self.now_ms)
        self._note(entry, Kind.REOPENED if reopens else Kind.EVIDENCE, before, source, news)

    def write(self, connection: Connection) -> None:
        """Write rows, their state beside flags, and their history with its audit."""
        rows.add(connection, list(self.added.values()))
        rows.replace(connection, list(self.changed.values()))
        touched = {**self.changed, **{key: e for key, e in self.added.items() if e.scheme_id is not None}}
        shown = [e for key, e in touched.items() if e.status is not Status.NEW or key in self.reopened or e.scheme_id is not None]
        rows.show_status(connection, shown)
        if self.lines:
            insert_rows(connection, HISTORY, [history.row(line) for line, _ in self.lines])
            acts = [history.act(line, now_ms=self.now_ms, accounts=accounts) for line, accounts in self.lines]
            audit.append(connection, acts)

    def _note(self, entry: Entry, kind: Kind, before: Status | None, source: Source, news: list[str]) -> None:
        line = HistoryLine(
            entry_id=entry.entry_id,
            version=entry.version,
            at=text_ms(self.now_ms),
            kind=kind,
            from_status=before,
            to_status=entry.status,
            flag_id=source.flag_id,
            revision=source.revision,
            news=news,
            scheme_id=source.scheme_id,
        )
        self.lines.append((line, entry.accounts))


def take(
    connection: Connection,
    flags: Sequence[Flag],
    schemes: Mapping[Account, Membership],
    *,
    now_ms: int,
    deadlines: Deadlines,
) -> None:
    """Take revisions into the ledger's entries, in the caller's write transaction and after the flags are stored.

    ``flags`` are those that were newer than what was known of their flag when they came, in the log's order; so the
    entries do not depend on how the log was cut into batches. ``schemes`` are the schemes of their accounts: a flag of a
    known scheme's member joins the scheme's row and opens none of its own.
    """
    names = {flag.account_id for flag in flags if flag.category in OPENED_BY}
    found = rows.of_accounts(connection, names | {one.scheme_id for one in schemes.values()})
    taking = Taking(now_ms, deadlines, {entry.key: entry for entry in found})
    for flag in flags:
        _take_flag(taking, flag, schemes.get((flag.institution_code, flag.account_id)))
    taking.write(connection)


def _take_flag(taking: Taking, flag: Flag, scheme: Membership | None) -> None:
    opens = OPENED_BY.get(flag.category, ())
    source = Source(flag.flag_id, None, flag.revision)
    for track in _wanted(opens):
        row = None if scheme is None else taking.known.get((track, "", scheme.scheme_id))
        if row is not None:
            taking.join(row, *with_member_flag(row.evidence, flag), source)
        key = (track, flag.institution_code, flag.account_id)
        entry = taking.known.get(key)
        if entry is not None:
            taking.join(entry, *joined(entry.evidence, flag), source)
        elif row is None and track in opens:
            taking.open(key, flag.institution_type, *joined(NOTHING, flag), source)


def _wanted(opens: tuple[Track, ...]) -> Iterable[Track]:
    """The tracks whose rows hear of it; who was referred an account hears of all that opens a row anywhere."""
    return (*opens, Track.CASE) if opens else ()
