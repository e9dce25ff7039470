"""What the API says about schemes."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from pydantic import BaseModel, Field

from api.flags.filters import InstitutionType, LedgerStatus, Severity
from api.flags.schemas import EngineOut, FindingOut
from api.schemes.filters import SchemeCategory, Stage


class MemberOut(BaseModel):
    """One account of a scheme and what it does there."""

    institution_code: str
    institution_type: InstitutionType
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


class LinkOut(BaseModel):
    """Why two members, by their place in `members`, belong together."""

    a: int
    b: int
    kind: str
    strength: float
    amount: str | None


class TotalsOut(BaseModel):
    """What all members add up to, without transfers inside."""

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


class PayerRegionOut(BaseModel):
    """Payers of one area, each counted once, and what they paid in."""

    region: str
    payers: int
    absorbed: str


class LineOut(BaseModel):
    """Distance to one statutory line."""

    of: str
    severity: Severity
    at: str
    missing: str
    projected_on: str | None


class PartOut(BaseModel):
    """What the members that you see took and paid; a payer of two of them counts at each, so payers are not added."""

    members: int
    credited: str
    returned: str


class SchemeRevisionOut(BaseModel):
    """One revision of a scheme, as far as your office may see it."""

    scheme_id: str
    revision: int
    status: Literal["open", "closed"]
    category: SchemeCategory
    severity: Severity | None
    score: float
    stage: Stage
    tags: list[str]
    members: list[MemberOut]
    links: list[LinkOut]
    totals: TotalsOut | None
    lines: list[LineOut]
    findings: list[FindingOut]
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
    engine: EngineOut
    payer_regions: list[PayerRegionOut] = Field(
        description="Counties, cities and provinces with ten payers and more, as far as your office assists: those of your area."
    )
    located_payers: int | None = Field(description="Payers of a known region; null where that was not told.")
    sight: Literal["whole", "aggregate", "part"] = Field(
        description="`whole`: all. `aggregate`: figures and no account, for assisting lead offices. `part`: your own members."
    )
    member_count: int | None
    part: PartOut | None
    typologies: list[str]


class SchemeOut(SchemeRevisionOut):
    """The newest revision, and the scheme's row of the risk ledger."""

    entry_id: str | None
    ledger_status: LedgerStatus


class SchemeWithHistory(SchemeOut):
    """One scheme with those of its revisions that the office may see, oldest first."""

    history: list[SchemeRevisionOut]


class SchemePageOut(BaseModel):
    """A page of the list."""

    items: list[SchemeOut]
    next_cursor: str | None = Field(description="Give it back as `cursor`, with the same filters, for what follows.")


def page_json(items: list[dict[str, Any]], next_cursor: str | None) -> bytes:
    """A page."""
    return msgspec.json.encode({"items": items, "next_cursor": next_cursor})


def scheme_json(item: dict[str, Any], history: list[dict[str, Any]]) -> bytes:
    """One scheme with its history."""
    return msgspec.json.encode({**item, "history": history})
