"""What could not be evaluated, institution by institution: how far "nothing new" can be believed."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.console.page import page
from api.coverage.endpoints import InstitutionCoverage, by_institution
from api.flags.repository import newest_ms
from api.summary import repository as counts
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/console/coverage", include_in_schema=False)
_SHADES: Final = 5


@ROUTER.get("")
def coverage_page(request: Request, visible: Visible) -> Response:
    """A table of institutions and typologies: the share of flags that the typology could not speak about."""
    with request.app.state.database.reading() as connection:
        newest, heard = newest_ms(connection, visible=visible), counts.heard_ms(connection)
        found = by_institution(connection, frozenset(), visible)
    trail_of(request).counted(len(found))
    return page(
        request,
        "coverage.html",
        institutions=found,
        rejected=sorted(
            (one for one in found if one.rejected is not None and one.rejected.rejects),
            key=lambda one: (-one.rejected.rejects if one.rejected else 0, one.institution_code),
        ),
        typologies=sorted({name for one in found for name in one.not_evaluable}),
        share=share,
        shade=lambda one, name: round(share(one, name) * _SHADES),
        as_of=None if newest is None else text_ms(newest),
        heard_at=text_ms(heard) if heard else None,
    )


def share(one: InstitutionCoverage, typology: str) -> float:
    """How much of an institution's flags a typology could not be evaluated for, in [0, 1]."""
    return one.not_evaluable.get(typology, 0) / one.flags if one.flags else 0.0
