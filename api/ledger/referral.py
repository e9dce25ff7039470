"""Referral to the police: what was referred becomes theirs to see, and opens a row of their own."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, insert, select, update

from api.auth.offices import Office
from api.auth.principal import Principal
from api.ledger import counting, rows, sight
from api.ledger.deadlines import Deadlines
from api.ledger.history import HistoryLine, Kind
from api.ledger.rows import Entry
from api.ledger.sight import Account
from api.ledger.states import Status
from api.ledger.tracks import OPENED_BY, Track, entry_id, referral_area
from api.tables import AREAS, FLAGS, LEDGER
from contract import flag as flags
from contract.shanghai import text_ms


def refer(
    connection: Connection, entry: Entry, office: Office, *, by: Principal, now_ms: int, deadlines: Deadlines
) -> list[HistoryLine]:
    """Let ``office`` see what the entry is about, and give it an entry; the lines of that entry's history.

    That is an account's flags, or a whole scheme with its members' flags.

    The police see the flags and who referred them, never the other offices' entry: what was reported to the
    monitoring centre is not theirs to know.
    """
    area = referral_area(office.office_id)
    if entry.scheme_id is None:
        account = (entry.institution_code, entry.account_id)
        show_flags(connection, account, area)
        sight.refer(connection, area, account=account)
    else:
        for code, _, account_id in (member.partition("|") for member in entry.evidence.members):
            show_flags(connection, (code, account_id), area)
        sight.refer(connection, area, scheme_id=entry.scheme_id)
    wanted = entry_id(Track.CASE, entry.institution_code, entry.account_id)
    known = next((one for one in rows.of_accounts(connection, [entry.account_id]) if one.entry_id == wanted), None)
    if known is not None and area in known.extra_areas:
        return []
    case = known or _opened(entry, now_ms, deadlines)
    case.extra_areas = (*case.extra_areas, area)
    if known is None:
        rows.add(connection, [case])
    else:
        case.version += 1
        case.changed_ms = now_ms
        rows.replace(connection, [case])
    line = HistoryLine(
        entry_id=case.entry_id,
        version=case.version,
        at=text_ms(now_ms),
        kind=Kind.REFERRED,
        from_status=None if known is None else case.status,
        to_status=case.status,
        office=by.office.office_id,
        holder=by.holder,
        referred_to=office.office_id,
    )
    return [line]


def _opened(entry: Entry, now_ms: int, deadlines: Deadlines) -> Entry:
    return Entry(
        entry_id=entry_id(Track.CASE, entry.institution_code, entry.account_id),
        track=Track.CASE,
        institution_code=entry.institution_code,
        institution_type=entry.institution_type,
        account_id=entry.account_id,
        status=Status.NEW,
        version=1,
        opened_ms=now_ms,
        changed_ms=now_ms,
        due_day=deadlines.due_day(Status.NEW, now_ms=now_ms),
        evidence=entry.evidence,
    )


def show_flags(connection: Connection, account: Account, area: str) -> None:
    """Put an account's flags into an area where they are not yet in it."""
    own = (FLAGS.c.institution_code == account[0], FLAGS.c.account_id == account[1])
    there = select(AREAS.c.flag_id).where(AREAS.c.area == area)
    missing = select(FLAGS.c.flag_id, FLAGS.c.category, FLAGS.c.institution_type, FLAGS.c.score_tenths, FLAGS.c.updated_ms).where(
        *own, FLAGS.c.category.in_(sorted(OPENED_BY)), FLAGS.c.flag_id.not_in(there)
    )
    rows = connection.execute(missing).all()
    if not rows:
        return
    # New positions: to who waits on a stream, what was referred comes now, however old its revision is.
    last = int(connection.execute(select(LEDGER.c.position).with_for_update()).scalar_one())
    connection.execute(update(LEDGER).values(position=last + len(rows)))
    found = [dict(row._mapping) | {"area": area, "position": last + n} for n, row in enumerate(rows, 1)]  # noqa: SLF001
    connection.execute(insert(AREAS), found)
    documents = select(FLAGS.c.document).where(FLAGS.c.flag_id.in_([row["flag_id"] for row in found]))
    delta: Counter[counting.Cell] = Counter()
    for row in connection.execute(documents):
        delta.update(counting.cells(flags.decode(bytes(row.document)), [area]))
    counting.add(connection, delta)
