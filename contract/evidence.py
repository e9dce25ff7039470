"""What the scheme process is told: candidate accounts as they stood at a day's end, who holds which account, and days closed."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np

VERSION: Final = 1
"""First byte of every record; a reader refuses what it does not know."""

COUNTERPARTY: Final = np.dtype(
    [
        ("key", "<u8"),  # hash64 of the counterparty's customer id, else of its account, else of who acted at the counter
        ("first_in_ms", "<i8"),  # of money that it paid; a side that had nothing has 0 movements and no meaning here
        ("last_in_ms", "<i8"),
        ("first_out_ms", "<i8"),  # of money that it was paid
        ("last_out_ms", "<i8"),
        ("paid_in", "<i8"),
        ("paid_out", "<i8"),
        ("first_credit", "<i8"),
        ("last_credit", "<i8"),
        ("last_debit", "<i8"),
        ("credits", "<u4"),
        ("debits", "<u4"),
        ("region", "<i4"),  # 0 unknown, as are birth year and kind
        ("birth_year", "<i2"),
        ("kind", "i1"),  # place in HOLDER_KINDS plus one
        ("bits", "u1"),  # BIT_* below
    ]
)
"""One counterparty of an account, 96 bytes. Money in minor units; own-name transfers are in none of it."""
BIT_TEXT_IN: Final = 1
BIT_TEXT_STRONG: Final = 2
BIT_TEXT_OUT: Final = 4
BIT_PAYROLL: Final = 32
"""It wrote of investing, with strong words, was written to of returns; it is paid wages by the institution's own batches."""

NAMES: Final = np.dtype([("account", "<u8"), ("customer", "<u8")])
"""Hashes of an account's id and of its holder's: one person is one key, whichever of the two a counterparty named."""

MOST_COUNTERPARTIES: Final = 8_000
"""An account with more sends none of them: the record stays below a broker's megabyte."""


EXPECTED: Final = -(2**31)
"""Before every day."""


class Spoken(msgspec.Struct, frozen=True, array_like=True):
    """A finding that counts on the account's open flag."""

    typology: str
    family: str
    strength: float


class Evidence(msgspec.Struct, frozen=True, kw_only=True, tag="evidence"):
    """One candidate account at the end of a Shanghai day (``as_of``, days since 1970-01-01).

    ``links`` are (kind of the contract's LINKS, hash64 of the value). ``category`` is its open flag's, or null.
    ``counterparties`` are records of ``COUNTERPARTY``; ``whole`` tells whether they are all of them: public, financial and
    payment bodies are never among them, and a licensed holder, a public body or a hub sends none. ``events`` names the
    newest movements with persons since the record before, 20 at most. ``usual_elderly`` is the share of the elderly among
    all payers of known age in the account's shard, in [0, 1]. ``tags`` are what a flag of the account would have: the
    pretexts under which it collects.
    """

    institution_code: str
    partition: int
    account_id: str
    customer_id: str | None
    as_of: int
    institution_type: str
    branch_region: str
    subject_region: str | None
    holder_kind: str | None
    licence: str | None
    account_type: str | None
    opened: int
    category: str | None
    findings: list[Spoken]
    links: list[tuple[str, int]]
    first_ms: int
    last_ms: int
    credited: int
    debited: int
    usual_elderly: float
    whole: bool
    counterparties: bytes
    events: list[str]
    tags: list[str] = []


class Names(msgspec.Struct, frozen=True, kw_only=True, tag="names"):
    """Accounts of a shard with their holders (records of ``NAMES``), each once; ``number`` counts the shard's records."""

    institution_code: str
    partition: int
    as_of: int
    number: int
    names: bytes


class DayMark(msgspec.Struct, frozen=True, kw_only=True, tag="mark"):
    """A shard has closed ``day`` and all before it; what it had to tell of them stands before this record.

    With the day ``EXPECTED``: nothing has come of the shard yet and it is to be waited for.
    """

    institution_code: str
    partition: int
    day: int


Record = Evidence | Names | DayMark
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Record)


def key_of(record: Record) -> str:
    """Key of a record in the compacted topic: of an account its newest evidence is kept, of a shard its newest mark.

    >>> key_of(DayMark(institution_code="B1", partition=0, day=1))
    'B1||mark|0'
    """
    if isinstance(record, Evidence):
        return f"{record.institution_code}|{record.account_id}"
    # No account id is empty, so these meet no account's key.
    kind = "mark" if isinstance(record, DayMark) else f"names|{record.number}"
    return f"{record.institution_code}||{kind}|{record.partition}"


def encode(record: Record) -> bytes:
    """One record: the version byte and MessagePack."""
    return bytes([VERSION]) + _ENCODER.encode(record)


def decode(data: bytes) -> Record:
    """Read one record; raises ``msgspec.DecodeError`` for anything else, an unknown version included."""
    if not data or data[0] != VERSION:
        raise msgspec.DecodeError("evidence of an unknown version")
    record: Record = _DECODER.decode(memoryview(data)[1:])
    return record


def counterparties(evidence: Evidence) -> Any:
    """The account's counterparties as a structured array of ``COUNTERPARTY``; read-only, no copy."""
    return np.frombuffer(evidence.counterparties, COUNTERPARTY)
