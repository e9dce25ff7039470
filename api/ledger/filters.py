"""The filters of the list of entries, checked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from api.areas import is_area
from api.flags.filters import MOST, Code, Id, InstitutionType, Person, Severity
from api.ledger.states import Status

EntrySort = Literal["-score", "-changed_at", "due_on"]
Tier = Literal["minor", "major"]
TIERS: dict[Tier, frozenset[str]] = {
    "minor": frozenset({"below", "filing"}),
    "major": frozenset({"huge", "especially_huge"}),
}
"""较小风险点 and 重大风险点 (contract §3)."""


class EntrySelection(BaseModel):
    """Which entries; every filter narrows, a repeated one takes either value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: list[Status] = Field(default=[], description="Repeat for several.")
    tier: Tier | None = Field(default=None, description="`minor`: below or filing; `major`: huge or especially huge.")
    severity: list[Severity] = []
    region: str | None = Field(default=None, description="Branch or subject lies in this area of the region table.")
    institution_type: list[InstitutionType] = []
    institution_code: list[Code] = []
    account_id: Id | None = None
    scheme_id: Id | None = None
    of: Literal["account", "scheme"] | None = Field(default=None, description="Rows of accounts, or of schemes, alone.")
    owner: Person | None = Field(default=None, description="The person of your office who took it up.")
    is_overdue: bool | None = Field(default=None, description="Its deadline has passed.")
    is_proposed: bool | None = Field(default=None, description="A step waits for its second person.")
    due_until: date | None = Field(default=None, description="Its deadline lies before this day.")
    suppressed: Literal["hidden", "shown", "only"] = Field(
        default="hidden", description="What your office has suppressed: left out unless told."
    )

    @field_validator("region")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_area(value):
            raise ValueError("no code of the region table")
        return value


class EntryPage(EntrySelection):
    """A selection with an order and a place in it."""

    sort: EntrySort = "-score"
    limit: int = Field(default=50, ge=1, le=MOST)
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None
