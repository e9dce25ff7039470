"""The filters of a list of flags, checked; what they mean in SQL stands in the repository."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from api.areas import is_area

InstitutionType = Literal["bank", "securities", "insurance", "payment"]
Category = Literal["observe", "suspicious", "illegal_fundraising", "large_value"]
Severity = Literal["below", "filing", "huge", "especially_huge"]
LedgerStatus = Literal["new", "under_analysis", "dismissed", "reported_camlmac", "reported_local", "transferred", "closed"]
"""States of an account's ledger entry (``api.ledger.states``); a flag without one is ``new``."""
Sort = Literal["-score", "score", "-updated_at", "updated_at"]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Typology = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,48}(@[0-9]{1,4})?$")]
ID: Final = r"^[!-~]{1,96}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
Person = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
"""A holder of an office's key."""
MOST: Final = 500


class Selection(BaseModel):
    """Which flags; every filter narrows, a repeated one takes either value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str | None = Field(default=None, description="Branch or subject lies in this area of the region table.")
    institution_type: list[InstitutionType] = Field(default=[], description="Repeat for several.")
    institution_code: list[Code] = Field(default=[], description="Repeat for several.")
    category: list[Category] = Field(
        default=[], description="Repeat for several. `observe` is shown to those who may see it only when it is named here."
    )
    typology: list[Typology] = Field(default=[], description="`pass_through` or, with its version, `pass_through@1`.")
    severity: list[Severity] = []
    status: Literal["open", "closed"] | None = None
    ledger_status: LedgerStatus | None = None
    min_score: float | None = Field(default=None, ge=0, le=100)
    since: AwareDatetime | None = Field(default=None, description="`updated_at` at or after this time.")
    until: AwareDatetime | None = Field(default=None, description="`updated_at` before this time.")
    scheme_id: Id | None = None

    @field_validator("region")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_area(value):
            raise ValueError("no code of the region table")
        return value

    @model_validator(mode="after")
    def _forwards(self) -> Selection:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("since must be before until")
        return self


class Page(Selection):
    """A selection with an order and a place in it."""

    sort: Sort = "-score"
    limit: int | None = Field(default=None, ge=1, le=MOST, description="Rows of a page; 50 unless told. CSV: all rows.")
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None
