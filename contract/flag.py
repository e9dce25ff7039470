"""The flag: an account that an office should look at, with its findings, as one JSON object."""

from __future__ import annotations

from typing import Final

import msgspec

CATEGORIES: Final = ("observe", "suspicious", "illegal_fundraising")
"""Account categories, rising; ``large_value`` stands beside them."""
LARGE_VALUE: Final = "large_value"
SEVERITIES: Final = ("below", "filing", "huge", "especially_huge")
FAMILIES: Final = ("structure", "payout", "amount", "text", "identity", "lifecycle", "network", "channel", "model")


# Neither refers to what could refer back, so the collector need not look at them: a replay keeps tens of thousands.
class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One typology's hit. ``value`` and ``threshold`` as in the sentences; strength and coverage in [0, 1]."""

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


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    """Which software and which catalogue of typologies spoke."""

    version: str
    catalogue: str


class Flag(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One revision of a flag; field order is the order of keys on the wire (contract §3).

    Money in ``measures`` is a decimal string, ratios have 4 decimals, ``score`` 1. Times are RFC 3339 in UTC
    with milliseconds; ``due_on`` is a date (large_value only).
    """

    flag_id: str
    revision: int
    status: str
    account_id: str
    customer_id: str | None
    institution_code: str
    institution_type: str
    branch_region: str
    subject_region: str | None
    holder_kind: str | None
    category: str
    score: float | None
    severity: str | None
    tags: list[str]
    findings: list[Finding]
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
    engine: Engine


def encode(flag: Flag) -> bytes:
    """One flag as a line of JSON, without a newline."""
    return msgspec.json.encode(flag)


_DECODER = msgspec.json.Decoder(Flag)


def decode(data: bytes) -> Flag:
    """Read one flag; raises ``msgspec.DecodeError`` for anything else."""
    return _DECODER.decode(data)
