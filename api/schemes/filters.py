"""The filters of the list of schemes, checked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from api.areas import is_area
from api.flags.filters import MOST, Code, Id, InstitutionType, LedgerStatus, Severity, Sort, Typology

SchemeCategory = Literal["observe", "suspicious", "illegal_fundraising"]
Stage = Literal["growing", "strained", "failing"]


class SchemeSelection(BaseModel):
    """Which schemes; every filter narrows, a repeated one takes either value. Filters of accounts ask for your members."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str | None = Field(default=None, description="A member that you may see has branch or subject in this area.")
    institution_type: list[InstitutionType] = Field(default=[], description="Of a member that you may see.")
    institution_code: list[Code] = Field(default=[], description="Of a member that you may see.")
    account_id: Id | None = Field(default=None, description="A member that you may see.")
    category: list[SchemeCategory] = Field(
        default=[], description="Repeat for several. `observe` is shown to those who may see it only when it is named here."
    )
    typology: list[Typology] = Field(default=[], description="`staff_layering` or, with its version, `staff_layering@1`.")
    severity: list[Severity] = []
    stage: list[Stage] = []
    status: Literal["open", "closed"] | None = None
    ledger_status: LedgerStatus | None = None
    handled: bool | None = Field(default=None, description="Your lead office handles it (Order 737 art. 20), or only assists.")
    min_score: float | None = Field(default=None, ge=0, le=100)
    since: AwareDatetime | None = Field(default=None, description="`updated_at` at or after this time.")
    until: AwareDatetime | None = Field(default=None, description="`updated_at` before this time.")

    @field_validator("region")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_area(value):
            raise ValueError("no code of the region table")
        return value

    @model_validator(mode="after")
    def _forwards(self) -> SchemeSelection:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("since must be before until")
        return self


class SchemePage(SchemeSelection):
    """A selection with an order and a place in it."""

    sort: Sort = "-score"
    limit: int | None = Field(default=None, ge=1, le=MOST, description="Rows of a page; 50 unless told. CSV: all rows.")
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None
