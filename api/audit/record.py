"""One line of the audit, as it is hashed and kept (regulation.md §5.4)."""

from __future__ import annotations

import hashlib
import struct
from enum import StrEnum
from typing import Any, Final

import msgspec

GENESIS: Final = bytes(32)
"""What stands for the hash before the first line."""


class Decision(StrEnum):
    """What became of a request or an act."""

    ANSWERED = "answered"
    EMPTY = "empty"
    REFUSED = "refused"
    FAILED = "failed"
    DONE = "done"


class Purpose(StrEnum):
    """Why somebody asks; header ``Fundwatch-Purpose``."""

    AML_SUPERVISION = "AML_SUPERVISION"
    AML_INVESTIGATION = "AML_INVESTIGATION"
    ILLEGAL_FUNDRAISING_PREVENTION = "ILLEGAL_FUNDRAISING_PREVENTION"
    PRUDENTIAL = "PRUDENTIAL"
    CASE = "CASE"


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Who (office, holder, key, role, address) did what (action, target, filters) why, and with what result.

    ``accounts`` are the pseudonyms that were returned; ``detail`` binds an act to the ledger's history.
    """

    at: str
    request_id: str
    action: str
    decision: Decision
    office: str | None = None
    holder: str | None = None
    key_id: str | None = None
    role: str | None = None
    address: str | None = None
    purpose: str | None = None
    legal_basis: str | None = None
    approval: str | None = None
    target: str | None = None
    filters: dict[str, list[str]] = {}
    status: int | None = None
    rows: int | None = None
    accounts: list[str] = []
    detail: dict[str, Any] = {}


def encode(record: AuditRecord) -> bytes:
    """The bytes that are kept and hashed."""
    return msgspec.json.encode(record)


def decode(data: bytes) -> AuditRecord:
    """Read a kept line."""
    return msgspec.json.decode(data, type=AuditRecord)


def chained(previous: bytes, seq: int, line: bytes) -> bytes:
    """The hash of a line: over the hash before it, its number and its bytes."""
    return hashlib.sha256(previous + struct.pack(">q", seq) + line).digest()
