"""``/v1/summary``: how many flags of which sort."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.flags.filters import Selection
from api.list_route import ListRoute
from api.reference import REFUSALS, json_response
from api.summary.schemas import Summary
from api.summary.service import summarise

ROUTER: Final = APIRouter(prefix="/v1/summary", tags=["summary"], responses=REFUSALS)


def get_summary(request: Request, selection: Annotated[Selection, Query()], visible: Visible) -> Response:
    """Counts by region, institution, typology, severity and day; the same filters as the list."""
    summary = summarise(request.app.state.database, selection, visible=visible)
    trail_of(request).counted(summary.flags)
    return json_response(summary.model_dump_json().encode())


ROUTER.add_api_route("", get_summary, methods=["GET"], response_model=Summary, route_class_override=ListRoute)
