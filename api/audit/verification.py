"""Whether the audit is whole: every hash follows from the line before it, and every column from its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.audit import record as records
from api.audit import repository
from api.audit.record import GENESIS, chained
from contract.shanghai import parse_ms


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
    count, previous = 0, GENESIS
    for row in repository.all_rows(connection):
        because = _fault(row, count + 1, previous)
        if not because and row.seq == known_seq and bytes(row.hash) != known_hash:
            because = "the chain is not the one that was noted"
        if because:
            return Verdict(count, previous, count + 1, because)
        count, previous = count + 1, bytes(row.hash)
    if known_seq > count:
        return Verdict(count, previous, count + 1, "the chain ends before the line that was noted")
    return Verdict(count, previous, 0, "")


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
