"""``/v1/coverage``: what could not be evaluated for whose accounts, beside "nothing new"."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible, now_ms
from api.auth.scope import VisibleScope
from api.flags.filters import InstitutionType
from api.flags.repository import newest_ms
from api.ledger import counting
from api.reference import REFUSALS, json_response
from api.rejects import repository as rejects
from api.summary import repository as counts
from api.tables import COUNTS
from contract.errors import Reason
from contract.shanghai import date_of, day_of, text_ms

ROUTER: Final = APIRouter(prefix="/v1/coverage", tags=["coverage"], responses=REFUSALS)
REJECT_DAYS: Final = 30


class CoverageQuery(BaseModel):
    """Whose accounts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution_type: list[InstitutionType] = Field(default=[], description="Repeat for several.")


class RejectReason(BaseModel):
    """Why some of what an institution sent could not be used."""

    reason: Reason
    field: str | None = Field(description="One of the contract's fields; null where the record or its place was at fault.")
    rejects: int


class RejectedOut(BaseModel):
    """What an institution sent in thirty days and nobody could use, wherever in the country: a reject names no region."""

    rejects: int = Field(description="Rows, and records that could not be read as a whole.")
    last_on: str | None = Field(description="The day on which the newest was refused.")
    reasons: list[RejectReason] = Field(description="Most first.")


class InstitutionCoverage(BaseModel):
    """One institution: its flags that your office may see, and for how many of them each typology could not speak."""

    institution_code: str
    institution_type: InstitutionType
    flags: int
    not_evaluable: dict[str, int] = Field(description="The institution did not send the fields that the typology needs.")
    rejected: RejectedOut | None = Field(description="Null for offices that supervise no institution.")


_NOTHING: Final = RejectedOut(rejects=0, last_on=None, reasons=[])


class Coverage(BaseModel):
    """By institution; one without a line has no flag that your office may see."""

    as_of: str | None
    heard_at: str | None = Field(description="Where this stands still, nothing new means nothing.")
    institutions: list[InstitutionCoverage]


@ROUTER.get("", response_model=Coverage)
def get_coverage(request: Request, query: Annotated[CoverageQuery, Query()], visible: Visible) -> Response:
    """What could not be evaluated, by institution and typology, among the flags that your office may see."""
    with request.app.state.database.reading() as connection:
        newest, heard = newest_ms(connection, visible=visible), counts.heard_ms(connection)
        found = by_institution(connection, frozenset[str](query.institution_type), visible)
    trail_of(request).counted(len(found))
    coverage = Coverage(
        as_of=None if newest is None else text_ms(newest), heard_at=text_ms(heard) if heard else None, institutions=found
    )
    return json_response(coverage.model_dump_json().encode())


def by_institution(connection: Connection, types: frozenset[str], visible: VisibleScope) -> list[InstitutionCoverage]:
    """Each institution with a flag that the office may see; of ``types`` alone where any are given."""
    seen = visible.institution_types & (types or visible.institution_types)
    statement = select(COUNTS).where(
        COUNTS.c.dimension.in_((counting.INSTITUTION, counting.GAP)),
        COUNTS.c.area == visible.area,
        COUNTS.c.category.in_(sorted(visible.ever)),
        COUNTS.c.institution_type.in_(sorted(seen)),
        COUNTS.c.n > 0,
    )
    totals: Counter[tuple[str, Any]] = Counter()
    gaps: dict[tuple[str, Any], Counter[str]] = {}
    for row in connection.execute(statement):
        code, _, typology = row.value.partition(counting.SEPARATOR)
        key = (code, row.institution_type)
        if row.dimension == counting.INSTITUTION:
            totals[key] += row.n
        else:
            gaps.setdefault(key, Counter())[typology] += row.n
    refused = _rejected(connection, {code for code, _ in totals}) if visible.supervises else None
    return [
        InstitutionCoverage(
            institution_code=key[0],
            institution_type=key[1],
            flags=flags,
            not_evaluable=dict(sorted(gaps.get(key, Counter()).items())),
            rejected=None if refused is None else refused.get(key[0], _NOTHING),
        )
        for key, flags in sorted(totals.items())
    ]


def _rejected(connection: Connection, codes: set[str]) -> dict[str, RejectedOut]:
    since = day_of(now_ms()) - REJECT_DAYS
    return {
        code: RejectedOut(
            rejects=found.n,
            last_on=date_of(found.last_day).isoformat(),
            reasons=[RejectReason(reason=Reason(one.reason), field=one.field, rejects=one.n) for one in found.reasons],
        )
        for code, found in rejects.of_institutions(connection, codes, since_day=since).items()
    }
