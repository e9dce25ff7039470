"""What the API says about flags: bytes spliced from what the ledger holds, and the schema of those bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.flags.filters import Category, InstitutionType, LedgerStatus, Severity
from api.flags.repository import FlagRow


class FindingOut(BaseModel):
    """One typology's hit, with both sentences."""

    typology: str
    family: str
    window: str
    value: float
    threshold: float
    strength: float
    coverage: float
    evidence: list[str]
    zh: str
    en: str


class EngineOut(BaseModel):
    """Which software and which catalogue of typologies spoke."""

    version: str
    catalogue: str


class RevisionOut(BaseModel):
    """One revision of a flag, as the detector wrote it (contract §3)."""

    model_config = ConfigDict(protected_namespaces=())

    flag_id: str
    revision: int
    status: Literal["open", "closed"]
    account_id: str
    customer_id: str | None
    institution_code: str
    institution_type: InstitutionType
    branch_region: str
    subject_region: str | None
    holder_kind: str | None
    category: Category
    score: float | None
    severity: Severity | None
    tags: list[str]
    findings: list[FindingOut]
    measures: dict[str, int | float | str | None]
    model_scores: dict[str, float]
    not_evaluable: list[str]
    opened_at: str
    updated_at: str
    closed_at: str | None
    closed_because: str | None
    due_on: str | None
    first_movement_at: str
    last_movement_at: str
    scheme_id: str | None
    engine: EngineOut


class FlagOut(RevisionOut):
    """The newest revision, and where the flag stands in the risk ledger."""

    ledger_status: LedgerStatus


class FlagWithHistory(FlagOut):
    """One flag with those of its revisions that the office may see, oldest first."""

    history: list[RevisionOut]


class FlagPage(BaseModel):
    """A page of the list."""

    items: list[FlagOut]
    next_cursor: str | None = Field(description="Give it back as `cursor`, with the same filters, for what follows.")


_NO_SCHEME: Final = b'"scheme_id":null'


def flag_json(row: FlagRow) -> bytes:
    """One flag; the document is the detector's own bytes, so nothing is decoded on the way. Its scheme the ledger knows."""
    document = row.document
    if row.scheme_id is not None:
        # The last one: no text can hold the quotation marks, and what follows is the engine's version and catalogue.
        before, _, after = document.rpartition(_NO_SCHEME)
        document = before + b'"scheme_id":"' + row.scheme_id.encode() + b'"' + after
    return document[:-1] + b',"ledger_status":"' + row.ledger_status.encode() + b'"}'


def flag_with_history_json(row: FlagRow, revisions: Sequence[bytes]) -> bytes:
    """One flag with its history."""
    return flag_json(row)[:-1] + b',"history":[' + b",".join(revisions) + b"]}"


def page_json(rows: Sequence[FlagRow], next_cursor: str | None) -> bytes:
    """A page; cursors are base64, so they need no escaping."""
    tail = b"null" if next_cursor is None else b'"' + next_cursor.encode() + b'"'
    return b'{"items":[' + b",".join(map(flag_json, rows)) + b'],"next_cursor":' + tail + b"}"
