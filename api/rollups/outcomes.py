"""What came of it: of the cases that people confirmed, how many were first seen here, how early, and how large they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, select, tuple_

from api.auth.scope import VisibleScope
from api.ledger import history
from api.ledger.history import HistoryLine, Kind
from api.ledger.lists import visible_entries
from api.ledger.rows import Entry, read
from api.rollups.repository import CONFIRMED
from api.tables import ENTRIES, ENTRY_AREAS, REVISIONS
from contract import flag as flags
from contract.flag import Flag
from contract.shanghai import DAY_MS, parse_ms

MOST: Final = 5_000
_CHUNK: Final = 200


@dataclass(slots=True)
class Outcomes:
    """Figures over confirmed cases; days and money as they were when the first flag came."""

    confirmed: int = 0
    first_seen_here: int = 0
    lead_days: list[float] = field(default_factory=list)
    """From the first flag to the step that confirmed it."""
    credited_minor: list[int] = field(default_factory=list)
    payers: list[int] = field(default_factory=list)
    delays: dict[str, list[float]] = field(default_factory=dict)
    """Days from the movement that raised the flag to the ledger having it, by institution."""
    is_complete: bool = True


def outcomes(connection: Connection, *, since_ms: int | None, until_ms: int | None, visible: VisibleScope) -> Outcomes:
    """Over the confirmed cases that the office may see, the newest ``MOST`` of them."""
    joined = ENTRIES.join(ENTRY_AREAS, ENTRY_AREAS.c.entry_id == ENTRIES.c.entry_id)
    statement = select(ENTRIES).select_from(joined).where(visible_entries(visible))
    statement = statement.where(ENTRIES.c.status.in_([state.value for state in CONFIRMED]), ENTRIES.c.institution_code != "")
    if since_ms is not None:
        statement = statement.where(ENTRIES.c.opened_ms >= since_ms)
    if until_ms is not None:
        statement = statement.where(ENTRIES.c.opened_ms < until_ms)
    rows = connection.execute(statement.order_by(ENTRIES.c.opened_ms.desc(), ENTRIES.c.entry_id).limit(MOST + 1)).all()
    found = Outcomes(is_complete=len(rows) <= MOST)
    entries = [read(row) for row in rows[:MOST]]
    for start in range(0, len(entries), _CHUNK):
        _take(connection, entries[start : start + _CHUNK], found, visible)
    return found


def _take(connection: Connection, entries: Sequence[Entry], found: Outcomes, visible: VisibleScope) -> None:
    told = [(entry, history.lines_of(connection, entry.entry_id)) for entry in entries]
    firsts = {entry.entry_id: lines[0] for entry, lines in told if lines and lines[0].kind is Kind.OPENED}
    opening = _openings(connection, list(firsts.values()), visible)
    for entry, lines in told:
        found.confirmed += 1
        first = firsts.get(entry.entry_id)
        if first is None:
            continue
        found.first_seen_here += 1
        confirmed_at = next((line.at for line in lines if line.to_status in CONFIRMED), None)
        if confirmed_at is not None:
            found.lead_days.append((parse_ms(confirmed_at) - parse_ms(first.at)) / DAY_MS)
        flag = opening.get(((first.flag_id or ""), first.revision or 0))
        if flag is not None:
            _measure(flag, first, entry, found)


def _openings(connection: Connection, lines: Sequence[HistoryLine], visible: VisibleScope) -> dict[tuple[str, int], Flag]:
    """The revisions that opened the rows, where the office may see their category."""
    wanted = [(line.flag_id, line.revision) for line in lines if line.flag_id is not None]
    if not wanted:
        return {}
    mine = tuple_(REVISIONS.c.flag_id, REVISIONS.c.revision).in_(wanted)
    seen = REVISIONS.c.category.in_(sorted(visible.ever))
    rows = connection.execute(select(REVISIONS.c.flag_id, REVISIONS.c.revision, REVISIONS.c.document).where(mine, seen))
    return {(row.flag_id, row.revision): flags.decode(bytes(row.document)) for row in rows}


def _measure(flag: Flag, first: HistoryLine, entry: Entry, found: Outcomes) -> None:
    credited, payers = flag.measures.get("credited"), flag.measures.get("payers")
    if isinstance(credited, str):
        found.credited_minor.append(_minor(credited))
    if isinstance(payers, int):
        found.payers.append(payers)
    delay = max(0.0, (parse_ms(first.at) - parse_ms(flag.updated_at)) / DAY_MS)
    found.delays.setdefault(entry.institution_code, []).append(delay)


def _minor(amount: str) -> int:
    whole, _, cents = amount.partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


def middle(values: Sequence[Any]) -> float | None:
    """The median, None of nothing."""
    return round(float(median(values)), 2) if values else None
