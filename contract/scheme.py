"""The scheme: linked accounts that collect together, with their roles and what they add up to, as one JSON object."""

from __future__ import annotations

from typing import Final

import msgspec

from contract.flag import Engine, Finding

ROLES: Final = ("collects", "pays_out", "passes_on", "gathers", "staff", "linked")
"""What a member does in the scheme: takes payers' money, pays people, hands on, receives from members, is staff, or is
linked only."""
LINKS: Final = (
    "holder",
    "legal_representative",
    "address",
    "phone",
    "agent",
    "device",
    "employer",
    "flow",
    "onward_account",
    "shared_payers",
    "payers_paid_elsewhere",
)
"""Why two accounts belong together; ``payers_paid_elsewhere``: who pays into one is paid by the other."""
STAGES: Final = ("growing", "strained", "failing")
MERGED: Final = "merged"
NO_FINDING: Final = "no_finding"
"""Why a scheme is closed."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One account of a scheme; money is a decimal string, of the account's own movements with payers outside the scheme."""

    institution_code: str
    institution_type: str
    account_id: str
    customer_id: str | None
    branch_region: str
    subject_region: str | None
    holder_kind: str | None
    roles: list[str]
    since: str
    payers: int
    credited: str
    returned: str


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why two members, given by their place in ``members``, belong together; ``strength`` in [0, 1].

    ``amount`` is the money that went from ``a`` to ``b`` for a flow, else null; never the value that is shared.
    """

    a: int
    b: int
    kind: str
    strength: float
    amount: str | None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What the members add up to, without transfers inside; decimal strings, counts and shares, null where not known.

    ``absorbed`` is gross (法释 2022 art. 6). Unpaid principal stands on both legal bases: repaid principal alone is taken
    off (``unpaid_principal``), or interest paid is offset as well (``unpaid_after_interest``, art. 8).
    ``payout_coverage``: newest 30 days' payouts to earlier payers over money from new payers.
    """

    payers: int
    payees: int
    elderly_payers: int | None
    absorbed: str
    returned: str
    unpaid_principal: str
    unpaid_after_interest: str
    payout_coverage: float | None
    new_payers_30d: int
    first_missed_payout: str | None


class PayerRegion(msgspec.Struct, frozen=True, kw_only=True):
    """Payers whose own region is ``region`` or lies in it, and what they paid in; a payer counts once in each area."""

    region: str
    payers: int
    absorbed: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Distance to one statutory line: ``of`` money, persons or loss; ``projected_on`` a date at the pace of 30 days."""

    of: str
    severity: str
    at: str
    missing: str
    projected_on: str | None


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of a scheme; field order is the order of keys on the wire. Times are RFC 3339 in UTC.

    ``members`` stand in order of institution and account; ``links`` name them by place. ``lead_region`` is the city whose
    lead office handles it (条例 art. 20: where the organiser is registered, else where most of the money was taken);
    ``merged_into`` names the scheme that goes on where ``closed_because`` is ``merged``. ``payer_regions`` are the counties,
    cities and provinces with at least ten payers, by code; ``located_payers`` how many of ``totals.payers`` are of a known
    region, and null in records of before these were told.
    """

    scheme_id: str
    revision: int
    status: str
    category: str
    severity: str | None
    score: float
    stage: str
    tags: list[str]
    members: list[Member]
    links: list[Link]
    totals: Totals
    lines: list[Line]
    findings: list[Finding]
    not_evaluable: list[str]
    regions: list[str]
    lead_region: str | None
    opened_at: str
    updated_at: str
    closed_at: str | None
    closed_because: str | None
    merged_into: str | None
    first_movement_at: str
    last_movement_at: str
    engine: Engine
    payer_regions: list[PayerRegion] = []
    located_payers: int | None = None


def encode(scheme: Scheme) -> bytes:
    """One scheme as a line of JSON, without a newline."""
    return msgspec.json.encode(scheme)


_DECODER = msgspec.json.Decoder(Scheme)


def decode(data: bytes) -> Scheme:
    """Read one scheme; raises ``msgspec.DecodeError`` for anything else."""
    return _DECODER.decode(data)
