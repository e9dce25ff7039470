"""``/v1/coverage``: what could not be evaluated for whose accounts, beside "nothing new"."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.auth.scope import VisibleScope
from api.flags.filters import InstitutionType
from api.flags.repository import newest_ms
from api.ledger import counting
from api.reference import REFUSALS, json_response
from api.summary import repository as counts
from api.tables import COUNTS
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/coverage", tags=["coverage"], responses=REFUSALS)


class CoverageQuery(BaseModel):
    """Whose accounts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution_type: list[InstitutionType] = Field(default=[], description="Repeat for several.")


class InstitutionCoverage(BaseModel):
    """One institution: its flags that your office may see, and for how many of them each typology could not speak."""

    institution_code: str
    institution_type: InstitutionType
    flags: int
    not_evaluable: dict[str, int] = Field(description="The institution did not send the fields that the typology needs.")


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
    return [
        InstitutionCoverage(
            institution_code=key[0],
            institution_type=key[1],
            flags=flags,
            not_evaluable=dict(sorted(gaps.get(key, Counter()).items())),
        )
        for key, flags in sorted(totals.items())
    ]
