"""How flags become ledger entries: a row opened, evidence joined, an ended row opened again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert

from api.audit import repository as audit
from api.ledger import history, rows
from api.ledger.deadlines import Deadlines
from api.ledger.evidence import NOTHING, joined
from api.ledger.history import HistoryLine, Kind
from api.ledger.rows import Entry
from api.ledger.states import ENDED, Status
from api.ledger.tracks import OPENED_BY, Track, entry_id
from api.tables import HISTORY
from contract.flag import Flag
from contract.shanghai import text_ms

_Key = tuple[Track, str, str]


@dataclass(slots=True)
class _Taking:
    """A batch's entries while its flags are taken in, one after the other as the log has them."""

    now_ms: int
    deadlines: Deadlines
    known: dict[_Key, Entry]
    added: dict[_Key, Entry] = field(default_factory=dict)
    changed: dict[_Key, Entry] = field(default_factory=dict)
    reopened: set[_Key] = field(default_factory=set)
    lines: list[tuple[HistoryLine, str]] = field(default_factory=list)

    def take(self, flag: Flag) -> None:
        """Take one revision in; measures alone change the row and give no new version."""
        opens = OPENED_BY.get(flag.category, ())
        for track in Track:
            key = (track, flag.institution_code, flag.account_id)
            entry = self.known.get(key)
            if entry is not None and (track in opens or (track is Track.CASE and opens)):
                self._join(key, entry, flag)
            elif entry is None and track in opens:
                self._open(key, flag)

    def _open(self, key: _Key, flag: Flag) -> None:
        evidence, news = joined(NOTHING, flag)
        entry = Entry(
            entry_id=entry_id(*key),
            track=key[0],
            institution_code=flag.institution_code,
            institution_type=flag.institution_type,
            account_id=flag.account_id,
            status=Status.NEW,
            version=1,
            opened_ms=self.now_ms,
            changed_ms=self.now_ms,
            due_day=self.deadlines.due_day(Status.NEW, now_ms=self.now_ms),
            evidence=evidence,
        )
        self.known[key] = self.added[key] = entry
        self._note(entry, Kind.OPENED, None, flag, news)

    def _join(self, key: _Key, entry: Entry, flag: Flag) -> None:
        entry.evidence, news = joined(entry.evidence, flag)
        if key not in self.added:
            self.changed[key] = entry
        if not news:
            return
        before = entry.status
        entry.version += 1
        entry.changed_ms = self.now_ms
        # Whoever was about to confirm has to look again.
        entry.proposal = None
        if before in ENDED:
            entry.status = Status.NEW
            self.reopened.add(key)
            entry.due_day = self.deadlines.due_day(Status.NEW, now_ms=self.now_ms)
        self._note(entry, Kind.REOPENED if before in ENDED else Kind.EVIDENCE, before, flag, news)

    def _note(self, entry: Entry, kind: Kind, before: Status | None, flag: Flag, news: list[str]) -> None:
        line = HistoryLine(
            entry_id=entry.entry_id,
            version=entry.version,
            at=text_ms(self.now_ms),
            kind=kind,
            from_status=before,
            to_status=entry.status,
            flag_id=flag.flag_id,
            revision=flag.revision,
            news=news,
        )
        self.lines.append((line, entry.account_id))


def take(connection: Connection, flags: Sequence[Flag], *, now_ms: int, deadlines: Deadlines) -> None:
    """Take revisions into the ledger's entries, in the caller's write transaction and after the flags are stored.

    ``flags`` are those that were newer than what was known of their flag when they came, in the log's order; so the
    entries do not depend on how the log was cut into batches.
    """
    found = rows.of_accounts(connection, _accounts(flags))
    known = {(entry.track, entry.institution_code, entry.account_id): entry for entry in found}
    taking = _Taking(now_ms, deadlines, known)
    for flag in flags:
        taking.take(flag)
    rows.add(connection, list(taking.added.values()))
    rows.replace(connection, list(taking.changed.values()))
    shown = [e for key, e in taking.changed.items() if e.status is not Status.NEW or key in taking.reopened]
    rows.show_status(connection, shown)
    if taking.lines:
        connection.execute(insert(HISTORY), [history.row(line) for line, _ in taking.lines])
        audit.append(connection, [history.act(line, now_ms=now_ms, account_id=account) for line, account in taking.lines])


def _accounts(flags: Iterable[Flag]) -> set[str]:
    return {flag.account_id for flag in flags if flag.category in OPENED_BY}
