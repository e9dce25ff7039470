"""How schemes become ledger entries: one row a scheme and track, growing with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from api.ledger import rows
from api.ledger.deadlines import Deadlines
from api.ledger.evidence import NOTHING, with_scheme
from api.ledger.sight import mark
from api.ledger.taking import Source, Taking
from api.ledger.tracks import OPENED_BY, Track
from api.tables import FLAGS
from contract.scheme import MERGED, Scheme


def take(connection: Connection, schemes: Sequence[Scheme], *, now_ms: int, deadlines: Deadlines) -> None:
    """Take revisions into the ledger's entries, in the caller's write transaction and after the schemes are stored.

    ``schemes`` are those that were newer than what was known of them when they came, in the log's order. Rows that
    accounts had before they were known to be members stay theirs.
    """
    names = {scheme.scheme_id for scheme in schemes} | {one.merged_into for one in schemes if one.merged_into is not None}
    found = rows.of_accounts(connection, names)
    taking = Taking(now_ms, deadlines, {entry.key: entry for entry in found if entry.scheme_id is not None})
    member_flags = _flags_of(connection, names)
    for scheme in schemes:
        _take_scheme(taking, scheme, member_flags[scheme.scheme_id])
        if scheme.closed_because == MERGED and scheme.merged_into is not None:
            _take_merger(taking, scheme, scheme.merged_into)
    taking.write(connection)


def _take_scheme(taking: Taking, scheme: Scheme, member_flags: Sequence[str]) -> None:
    opens = OPENED_BY.get(scheme.category, ())
    source = Source(None, scheme.scheme_id, scheme.revision)
    types = mark(member.institution_type for member in scheme.members)
    for track in Track:
        key = (track, "", scheme.scheme_id)
        entry = taking.known.get(key)
        if entry is not None:
            if scheme.members:
                entry.institution_type = types
            taking.join(entry, *with_scheme(entry.evidence, scheme, member_flags), source)
        elif track in opens and scheme.status == "open":
            taking.open(key, types, *with_scheme(NOTHING, scheme, member_flags), source)


def _take_merger(taking: Taking, scheme: Scheme, into: str) -> None:
    """Both rows say it; the row that goes on is opened again where it had ended, the other is not."""
    source = Source(None, scheme.scheme_id, scheme.revision)
    for track in Track:
        gone, on = taking.known.get((track, "", scheme.scheme_id)), taking.known.get((track, "", into))
        if gone is not None:
            taking.join(gone, gone.evidence, [f"merged_into:{into}"], source, reopens=False)
        if on is not None:
            taking.join(on, on.evidence, [f"merged:{scheme.scheme_id}"], source)


def _flags_of(connection: Connection, schemes: set[str]) -> dict[str, list[str]]:
    """Flags of members by scheme that open rows: they are part of it from the start."""
    found: dict[str, list[str]] = defaultdict(list)
    wanted = FLAGS.c.scheme_id.in_(sorted(schemes)), FLAGS.c.category.in_(sorted(OPENED_BY))
    for row in connection.execute(select(FLAGS.c.scheme_id, FLAGS.c.flag_id).where(*wanted)):
        found[row.scheme_id].append(row.flag_id)
    return found
