"""How flags are stored: idempotent by (flag, revision), the newest revision as a row, every one as history."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from api.areas import areas_of
from api.ledger import counting, taking
from api.ledger.deadlines import Deadlines
from api.ledger.inserting import insert_rows
from api.ledger.membership import Membership, schemes_of
from api.ledger.referred import areas
from api.ledger.sight import Account
from api.ledger.tracks import OPENED_BY
from api.tables import AREAS, DUES, FLAGS, LEDGER, REVISIONS, TYPOLOGIES
from contract import flag as flags
from contract.flag import LARGE_VALUE, Flag
from contract.shanghai import day_number, parse_ms

FIRST_STATUS: Final = "new"
_CHUNK: Final = 500
"""Ids of one IN list; SQLite takes 999 parameters in its oldest builds."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: revisions that were new, and of these the ones that became a flag's newest."""

    revisions: int
    current: int

    def __add__(self, other: Stored) -> Stored:
        return Stored(self.revisions + other.revisions, self.current + other.current)


def ensure_ledger(connection: Connection) -> str:
    """This ledger's own name, given once: the consumer group carries it, so a new database reads the log anew."""
    name = connection.execute(select(LEDGER.c.ledger_id)).scalar()
    if name is None:
        name = secrets.token_hex(8)
        connection.execute(insert(LEDGER).values(ledger_id=name, position=0, heard_ms=0))
    return str(name)


def touch(connection: Connection, *, now_ms: int) -> None:
    """Note that the writer heard from the log."""
    connection.execute(update(LEDGER).values(heard_ms=now_ms))


def store(connection: Connection, batch: Sequence[Flag], *, now_ms: int, deadlines: Deadlines) -> Stored:
    """Store a batch inside the caller's write transaction; revisions that are known already change nothing.

    A newer revision replaces the flag's row, an older one joins the history alone. Positions are given here and
    nowhere else, in the order of commits (writers exclude each other, see ``Database``). ``now_ms`` dates what
    happens to ledger entries: people's deadlines run from when the ledger heard.
    """
    fresh = _fresh(connection, batch)
    if not fresh:
        return Stored(0, 0)
    position = int(connection.execute(select(LEDGER.c.position).with_for_update()).scalar_one())
    placed = [(position + step, flag) for step, flag in enumerate(fresh, start=1)]
    connection.execute(update(LEDGER).values(position=position + len(placed)))
    insert_rows(connection, REVISIONS, [_revision_row(at, flag) for at, flag in placed])
    newest = _newest(placed)
    before = _current(connection, newest)
    known = {flag_id: flag.revision for flag_id, flag in before.items()}
    added = [item for flag_id, item in newest.items() if flag_id not in known]
    raised = [item for flag_id, item in newest.items() if flag_id in known and item[1].revision > known[flag_id]]
    accounts = {(flag.institution_code, flag.account_id) for _, flag in placed}
    schemes = schemes_of(connection, accounts)
    _add(connection, added, schemes)
    _replace(connection, raised, schemes)
    placing = areas(connection, accounts)
    _add_parts(connection, [*added, *raised], [before[flag.flag_id] for _, flag in raised], placing)
    taking.take(connection, _advancing(placed, known), schemes, now_ms=now_ms, deadlines=deadlines)
    return Stored(len(fresh), len(added) + len(raised))


def _fresh(connection: Connection, batch: Sequence[Flag]) -> list[Flag]:
    by_key: dict[tuple[str, int], Flag] = {}
    for flag in batch:
        by_key.setdefault((flag.flag_id, flag.revision), flag)
    columns = (REVISIONS.c.flag_id, REVISIONS.c.revision)
    known = {(row[0], row[1]) for row in _rows_of(connection, columns, (flag_id for flag_id, _ in by_key))}
    return [flag for key, flag in by_key.items() if key not in known]


def _newest(placed: Iterable[tuple[int, Flag]]) -> dict[str, tuple[int, Flag]]:
    newest: dict[str, tuple[int, Flag]] = {}
    for at, flag in placed:
        if flag.flag_id not in newest or flag.revision > newest[flag.flag_id][1].revision:
            newest[flag.flag_id] = (at, flag)
    return newest


def _advancing(placed: Iterable[tuple[int, Flag]], known: dict[str, int]) -> list[Flag]:
    """Those that were newer than anything known of their flag when they came."""
    newest = dict(known)
    advancing = []
    for _, flag in placed:
        if flag.revision > newest.get(flag.flag_id, 0):
            newest[flag.flag_id] = flag.revision
            advancing.append(flag)
    return advancing


def _current(connection: Connection, flag_ids: Iterable[str]) -> dict[str, Flag]:
    """The newest revisions that are known of these flags."""
    rows = _rows_of(connection, (FLAGS.c.flag_id, FLAGS.c.document), flag_ids)
    return {row.flag_id: flags.decode(bytes(row.document)) for row in rows}


def _rows_of(connection: Connection, columns: tuple[Any, Any], flag_ids: Iterable[str]) -> list[Any]:
    wanted = sorted(set(flag_ids))
    rows: list[Any] = []
    for start in range(0, len(wanted), _CHUNK):
        rows += connection.execute(select(*columns).where(columns[0].in_(wanted[start : start + _CHUNK])))
    return rows


def _add(connection: Connection, placed: Sequence[tuple[int, Flag]], schemes: Mapping[Account, Membership]) -> None:
    if placed:
        rows = [_flag_row(at, flag, schemes) | {"flag_id": flag.flag_id, "ledger_status": FIRST_STATUS} for at, flag in placed]
        insert_rows(connection, FLAGS, rows)


def _replace(connection: Connection, placed: Sequence[tuple[int, Flag]], schemes: Mapping[Account, Membership]) -> None:
    if not placed:
        return
    ids = [{"of": flag.flag_id} for _, flag in placed]
    connection.execute(
        update(FLAGS).where(FLAGS.c.flag_id == bindparam("of")),
        [_flag_row(at, flag, schemes) | {"of": flag.flag_id} for at, flag in placed],
    )
    for table in (AREAS, TYPOLOGIES):
        connection.execute(delete(table).where(table.c.flag_id == bindparam("of")), ids)
    large = [{"of": flag.flag_id} for _, flag in placed if flag.category == LARGE_VALUE]
    if large:
        connection.execute(delete(DUES).where(DUES.c.flag_id == bindparam("of")), large)


def _add_parts(
    connection: Connection,
    newest: Sequence[tuple[int, Flag]],
    gone: Sequence[Flag],
    referred: Mapping[Account, Sequence[str]],
) -> None:
    batch = [flag for _, flag in newest]
    placed = [(flag, area_rows(flag, referred.get((flag.institution_code, flag.account_id), ()))) for flag in batch]
    located = [row | {"position": at} for (at, _), (_, rows) in zip(newest, placed, strict=True) for row in rows]
    delta: Counter[counting.Cell] = Counter()
    for flag, rows in placed:
        delta.update(counting.cells(flag, [row["area"] for row in rows]))
    for flag in gone:
        rows = area_rows(flag, referred.get((flag.institution_code, flag.account_id), ()))
        delta.subtract(counting.cells(flag, [row["area"] for row in rows]))
    counting.add(connection, delta)
    typologies = [row for flag in batch for row in _typology_rows(flag)]
    insert_rows(connection, AREAS, located)
    insert_rows(connection, TYPOLOGIES, typologies)
    insert_rows(connection, DUES, [due for flag, rows in placed for due in _due_rows(flag, rows)])


def _revision_row(position: int, flag: Flag) -> dict[str, Any]:
    return {
        "flag_id": flag.flag_id,
        "revision": flag.revision,
        "position": position,
        "category": flag.category,
        "updated_ms": parse_ms(flag.updated_at),
        "document": flags.encode(flag),
    }


def _flag_row(position: int, flag: Flag, schemes: Mapping[Account, Membership]) -> dict[str, Any]:
    scheme = schemes.get((flag.institution_code, flag.account_id))
    return {
        "revision": flag.revision,
        "position": position,
        "status": flag.status,
        "account_id": flag.account_id,
        "customer_id": flag.customer_id,
        "institution_code": flag.institution_code,
        "institution_type": flag.institution_type,
        "branch_region": flag.branch_region,
        "subject_region": flag.subject_region,
        "category": flag.category,
        "severity": flag.severity,
        "score_tenths": _tenths(flag),
        "updated_ms": parse_ms(flag.updated_at),
        "scheme_id": None if scheme is None else scheme.scheme_id,
        "scheme_category": None if scheme is None else scheme.category,
        "document": flags.encode(flag),
    }


def _tenths(flag: Flag) -> int:
    return -1 if flag.score is None else round(flag.score * 10)


def area_rows(flag: Flag, referred: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The areas of a flag, those that it was referred into among them where its category opens entries."""
    found = set(areas_of(flag.branch_region))
    if flag.category in OPENED_BY:
        found.update(referred)
    if flag.subject_region is not None:
        found.update(areas_of(flag.subject_region))
    common = {
        "flag_id": flag.flag_id,
        "category": flag.category,
        "institution_type": flag.institution_type,
        "score_tenths": _tenths(flag),
        "updated_ms": parse_ms(flag.updated_at),
    }
    return [common | {"area": area} for area in sorted(found)]


def _due_rows(flag: Flag, areas: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """When the report of a large-value flag is due, in each of its areas."""
    if flag.category == LARGE_VALUE and flag.due_on is not None:
        due = day_number(date.fromisoformat(flag.due_on))
        for row in areas:
            yield {"area": row["area"], "due_day": due, "flag_id": flag.flag_id, "institution_type": flag.institution_type}


def _typology_rows(flag: Flag) -> list[dict[str, str]]:
    names = sorted({finding.typology for finding in flag.findings})
    return [{"flag_id": flag.flag_id, "typology": name, "name": name.partition("@")[0]} for name in names]
