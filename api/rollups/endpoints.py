"""``/v1/rollups`` and ``/v1/outcomes``: the risk ledger added up, as far as an office may see it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.ledger.states import Status
from api.reference import REFUSALS, json_response
from api.rollups.outcomes import middle, outcomes
from api.rollups.repository import CONFIRMED, By, Group, counted
from contract.money import minor_to_text
from contract.shanghai import day_number, day_start_ms

ROUTER: Final = APIRouter(prefix="/v1", tags=["summary"], responses=REFUSALS)


class Span(BaseModel):
    """Which entries, by the day on which they were opened, Asia/Shanghai."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opened_from: date | None = Field(default=None, description="Opened on or after this day.")
    opened_until: date | None = Field(default=None, description="Opened before this day.")

    @model_validator(mode="after")
    def _forwards(self) -> Span:
        if self.opened_from is not None and self.opened_until is not None and self.opened_from >= self.opened_until:
            raise ValueError("opened_from must be before opened_until")
        return self

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The same in epoch milliseconds."""
        since, until = (None if day is None else day_start_ms(day_number(day)) for day in (self.opened_from, self.opened_until))
        return since, until


class RollupQuery(Span):
    """By what."""

    by: list[By] = Field(default=[By.MONTH], min_length=1, max_length=3, description="Repeat for up to three together.")

    @field_validator("by")
    @classmethod
    def _once(cls, value: list[By]) -> list[By]:
        if len(set(value)) != len(value):
            raise ValueError("each once")
        return value


class RollupLine(BaseModel):
    """One group of entries."""

    group: dict[By, str]
    entries: int
    confirmed: int = Field(description="Reported locally, referred or closed.")
    dismissed: int
    in_work: int = Field(description="All others.")


class RollupOut(BaseModel):
    """Groups in order. An entry counts in each of its areas, typologies and industries, so these may sum to more than all."""

    lines: list[RollupLine]


class DelayOut(BaseModel):
    """How late an institution's movements come to be known here."""

    institution_code: str
    cases: int
    median_days: float


class OutcomesOut(BaseModel):
    """What came of it, over the cases that people confirmed and that your office may see."""

    confirmed: int
    first_seen_here: int = Field(description="A flag opened the row, and no import of an older case.")
    share_first_seen_here: float | None
    median_lead_days: float | None = Field(description="From the first flag to the step that confirmed it.")
    credited_at_detection: str = Field(description="Sum in CNY of what had come in when the first flag came.")
    median_credited_at_detection: str | None
    payers_at_detection: int
    median_payers_at_detection: float | None
    reporting_delay: list[DelayOut] = Field(
        description="From the movement that raised the first flag to the ledger having it, by institution; worst first."
    )
    is_complete: bool = Field(description="False where there are more than 5,000 cases: the newest are counted.")


@ROUTER.get("/rollups", response_model=RollupOut)
def get_rollup(request: Request, query: Annotated[RollupQuery, Query()], visible: Visible) -> Response:
    """Ledger entries that your office may see, added up.

    `industry` is the division (two digits) of GB/T 4754 by the account's profile, `unknown` where none says it; a scheme
    stands in the industries of those of its members that you may see.
    """
    since, until = query.bounds
    with request.app.state.database.reading() as connection:
        found = counted(connection, query.by, since_ms=since, until_ms=until, visible=visible)
    merged: dict[Group, Counter[str]] = {}
    for group, states in found.items():
        merged.setdefault(group, Counter()).update(states)
    lines = [_line(query.by, group, states) for group, states in merged.items()]
    trail_of(request).counted(len(lines))
    return json_response(RollupOut(lines=lines).model_dump_json().encode())


@ROUTER.get("/outcomes", response_model=OutcomesOut)
def get_outcomes(request: Request, query: Annotated[Span, Query()], visible: Visible) -> Response:
    """How early and how large confirmed cases were found, and how late institutions report."""
    since, until = query.bounds
    with request.app.state.database.reading() as connection:
        found = outcomes(connection, since_ms=since, until_ms=until, visible=visible)
    delays = [
        DelayOut(institution_code=code, cases=len(days), median_days=middle(days) or 0.0) for code, days in found.delays.items()
    ]
    credited = middle(found.credited_minor)
    body = OutcomesOut(
        confirmed=found.confirmed,
        first_seen_here=found.first_seen_here,
        share_first_seen_here=round(found.first_seen_here / found.confirmed, 4) if found.confirmed else None,
        median_lead_days=middle(found.lead_days),
        credited_at_detection=minor_to_text(sum(found.credited_minor)),
        median_credited_at_detection=None if credited is None else minor_to_text(round(credited)),
        payers_at_detection=sum(found.payers),
        median_payers_at_detection=middle(found.payers),
        reporting_delay=sorted(delays, key=lambda one: (-one.median_days, one.institution_code)),
        is_complete=found.is_complete,
    )
    trail_of(request).counted(found.confirmed)
    return json_response(body.model_dump_json().encode())


def _line(by: list[By], group: Group, states: Counter[str]) -> RollupLine:
    entries, confirmed = states.total(), sum(states[state.value] for state in CONFIRMED)
    dismissed = states[Status.DISMISSED.value]
    return RollupLine(
        group=dict(zip(by, group, strict=True)),
        entries=entries,
        confirmed=confirmed,
        dismissed=dismissed,
        in_work=entries - confirmed - dismissed,
    )
