"""What may be asked of reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.flags.filters import Code
from api.free_text import plain
from api.reports.states import State
from api.texts import Pseudonym, Short, Text

Trigger = Literal["01", "02", "03", "04", "05", "06", "99"]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(plain)]
OfficeId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]


class DraftAsked(BaseModel):
    """The account that a report is to be about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_id: Pseudonym
    institution_code: Code
    trigger: Trigger = Field(default="01", description="TPTR: 01 model screening … 06 found by staff, 99 other.")
    other_trigger: Short | None = Field(default=None, description="OTPR; for trigger 99 alone.")
    addressees: list[OfficeId] | None = Field(
        default=None, min_length=1, max_length=20, description="Offices by id; those of the area unless told."
    )

    @model_validator(mode="after")
    def _other_said(self) -> DraftAsked:
        if (self.trigger == "99") != (self.other_trigger is not None):
            raise ValueError("other_trigger goes with trigger 99, and with no other")
        return self


class Rewriting(BaseModel):
    """What is written anew; what is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expected_version: int = Field(ge=1, le=2**31 - 1)
    urgency: Literal["01", "02"] | None = Field(default=None, description="DETR: 01 not urgent, 02 especially urgent.")
    stcb_zh: Long | None = Field(default=None, description="资金交易及客户行为情况.")
    stcb_en: Long | None = None
    aosp_zh: Long | None = Field(default=None, description="疑点分析.")
    aosp_en: Long | None = None


class ReportStep(BaseModel):
    """One step of a report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: Literal[State.SENT, State.RECEIVED, State.CORRECTION_REQUESTED, State.CORRECTED] = Field(
        description="Its office sends and corrects, by a second person; an addressee receives and asks for corrections."
    )
    expected_version: int = Field(ge=1, le=2**31 - 1)
    reason: Text | None = Field(default=None, description="A correction needs one.")
