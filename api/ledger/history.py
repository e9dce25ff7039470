"""The history of entries: one line a version, never changed, its digest in the audit."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, select

from api.audit.record import AuditRecord, Decision
from api.ledger.states import Status
from api.tables import HISTORY
from contract.shanghai import text_ms


class Kind(StrEnum):
    """What happened to an entry."""

    OPENED = "opened"
    EVIDENCE = "evidence"
    REOPENED = "reopened"
    REFERRED = "referred"
    PROPOSED = "proposed"
    REFUSED = "refused"
    MOVED = "moved"
    HANDED_OVER = "handed_over"
    IMPORTED = "imported"


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One version: ``office`` and ``holder`` None where the detectors' flag did it."""

    entry_id: str
    version: int
    at: str
    kind: Kind
    from_status: Status | None
    to_status: Status
    proposed: Status | None = None
    reason: str | None = None
    office: str | None = None
    holder: str | None = None
    flag_id: str | None = None
    revision: int | None = None
    news: list[str] = []
    evidence: list[str] = []
    referred_to: str | None = None
    next_action: str | None = None
    scheme_id: str | None = None
    handed_to: str | None = None


def encode(line: HistoryLine) -> bytes:
    """The bytes that are kept."""
    return msgspec.json.encode(line)


def decode(document: bytes) -> HistoryLine:
    """Read a kept line."""
    return msgspec.json.decode(document, type=HistoryLine)


def row(line: HistoryLine) -> dict[str, object]:
    """The line as a row."""
    return {"entry_id": line.entry_id, "version": line.version, "document": encode(line)}


def act(line: HistoryLine, *, now_ms: int, request_id: str = "", accounts: list[str], key_id: str | None = None) -> AuditRecord:
    """The audit's record of a line: appended in the same transaction, so that neither stands without the other."""
    return AuditRecord(
        at=text_ms(now_ms),
        request_id=request_id,
        action=f"ledger.{line.kind}",
        decision=Decision.DONE,
        office=line.office,
        holder=line.holder,
        key_id=key_id,
        target=line.entry_id,
        accounts=accounts,
        detail={"version": line.version, "digest": hashlib.sha256(encode(line)).hexdigest()},
    )


def lines_of(connection: Connection, entry_id: str) -> list[HistoryLine]:
    """An entry's history, oldest first."""
    statement = select(HISTORY.c.document).where(HISTORY.c.entry_id == entry_id).order_by(HISTORY.c.version)
    return [decode(bytes(found.document)) for found in connection.execute(statement)]
