"""Schemes: accounts that collect together, their graph, what they add up to, and how far the statutory lines are."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.console.asking import asked_of
from api.console.charts.bars import ceiling
from api.console.charts.graph import graph
from api.console.charts.line import Point, Steps, steps
from api.console.page import page
from api.console.places import areas_to_choose, region_name
from api.flags.filters import ID, Severity
from api.schemes.filters import SchemePage, Stage
from api.schemes.service import Schemes
from api.schemes.view import accounts

ROUTER: Final = APIRouter(prefix="/console/schemes", include_in_schema=False)
_ROWS: Final = 50
_LISTS: Final = ("institution_type", "institution_code", "category", "typology", "severity", "stage")
_MOST_FLOWS: Final = 12


@ROUTER.get("")
def schemes_page(request: Request, visible: Visible) -> Response:
    """Schemes with a member that the office may see, highest score first unless told."""
    asked = asked_of(request, SchemePage, lists=_LISTS)
    schemes: Schemes = request.app.state.schemes
    found, cursor = schemes.page(asked, limit=_ROWS, visible=visible)
    trail_of(request).returned(dict.fromkeys(account for one in found for account in accounts(one)))
    url = request.url
    return page(
        request,
        "schemes.html",
        asked=asked,
        schemes=found,
        region_name=region_name,
        choices={
            "region": areas_to_choose(visible.area) if visible.area.isdigit() else [],
            "severity": list(get_args(Severity)),
            "stage": list(get_args(Stage)),
            "status": ["open", "closed"],
            "sort": ["-score", "-updated_at"],
        },
        next_url=None if cursor is None else "?" + url.include_query_params(cursor=cursor).query,
        first_url="?" + url.remove_query_params("cursor").query,
    )


@ROUTER.get("/{scheme_id}")
def scheme_page(request: Request, scheme_id: Annotated[str, Path(pattern=ID)], visible: Visible) -> Response:
    """One scheme, as far as the office may see it: whole, its figures, or its own members."""
    schemes: Schemes = request.app.state.schemes
    scheme, history = schemes.get(scheme_id, visible=visible)
    trail_of(request).returned(dict.fromkeys(account for one in (scheme, *history) for account in accounts(one)))
    flows = [link for link in scheme["links"] if link["amount"] is not None]
    return page(
        request,
        "scheme.html",
        scheme=scheme,
        history=list(reversed(history)),
        drawing=graph(scheme["members"], scheme["links"], until=scheme["updated_at"]) if scheme["members"] else None,
        kinds=sorted({link["kind"] for link in scheme["links"]}),
        flows=sorted(flows, key=lambda link: -float(link["amount"]))[:_MOST_FLOWS],
        absorbed=_absorbed(history),
        reached=reached,
        region_name=region_name,
    )


def reached(line: dict[str, Any]) -> float:
    """How much of a statutory line is reached, in [0, 1]; 1 where nothing is missing."""
    at = float(line["at"])
    return 1.0 if at <= 0 else max(0.0, min(1.0, (at - float(line["missing"])) / at))


def _absorbed(history: list[dict[str, Any]]) -> Steps:
    """Money absorbed by revision, where the office sees totals."""
    known = [one for one in history if one["totals"] is not None]
    points = [
        Point(number, float(one["totals"]["absorbed"]), one["category"], one["updated_at"][5:10])
        for number, one in enumerate(known)
    ]
    top = ceiling(max((point.value for point in points), default=1))
    return steps(points, top=top, width=340, height=150, left=64)
