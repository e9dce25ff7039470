"""Whether the audit is whole: hashes follow from each other, columns from lines, the ledger's history from its acts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from api.audit import record as records
from api.audit import repository
from api.audit.record import GENESIS, chained
from api.tables import HISTORY
from contract.shanghai import parse_ms

ACTS: Final = "ledger."
"""How actions begin that stand for a line of the ledger's history."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many lines were read, the chain's end, and the first line that is not as it was written (0: none)."""

    lines: int
    head: bytes
    broken_at: int
    broken_because: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, left out or put in."""
        return self.broken_at == 0


def verify(connection: Connection, *, known_seq: int = 0, known_hash: bytes = b"") -> Verdict:
    """Read the whole chain.

    Lines cut off its end leave a shorter chain that is whole in itself: give a head that was noted earlier
    (``known_seq`` and ``known_hash``) to find that out, and a chain that was computed anew.
    """
    count, previous, acts = 0, GENESIS, 0
    for row in repository.all_rows(connection):
        because = _fault(row, count + 1, previous)
        if not because and row.action.startswith(ACTS):
            acts += 1
            because = _fault_of_act(connection, bytes(row.record))
        if not because and row.seq == known_seq and bytes(row.hash) != known_hash:
            because = "the chain is not the one that was noted"
        if because:
            return Verdict(count, previous, count + 1, because)
        count, previous = count + 1, bytes(row.hash)
    if known_seq > count:
        return Verdict(count, previous, count + 1, "the chain ends before the line that was noted")
    if connection.execute(select(func.count()).select_from(HISTORY)).scalar_one() != acts:
        return Verdict(count, previous, count + 1, "the ledger's history holds more than the chain")
    return Verdict(count, previous, 0, "")


def _fault_of_act(connection: Connection, line: bytes) -> str:
    act = records.decode(line)
    of = (HISTORY.c.entry_id == act.target, HISTORY.c.version == act.detail["version"])
    document = connection.execute(select(HISTORY.c.document).where(*of)).scalar()
    if document is None:
        return "a line of the ledger's history is missing"
    if hashlib.sha256(bytes(document)).hexdigest() != act.detail["digest"]:
        return "a line of the ledger's history was changed"
    return ""


def _fault(row: Any, seq: int, previous: bytes) -> str:
    if row.seq != seq:
        return "a line is missing"
    if bytes(row.prev_hash) != previous or bytes(row.hash) != chained(previous, seq, bytes(row.record)):
        return "a line was changed"
    line = records.decode(bytes(row.record))
    columns = (row.at_ms, row.office_id, row.holder, row.action, row.decision)
    if columns != (parse_ms(line.at), line.office, line.holder, line.action, line.decision):
        return "a column differs from its line"
    return ""
