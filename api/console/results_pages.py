"""The risk ledger added up, what came of confirmed cases, and how late institutions report: the figures a head asks for."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth.principal import Visible
from api.console.answers import told
from api.console.asking import asked_of
from api.console.charts.bars import Bars, stacked
from api.console.page import page
from api.console.places import region_name
from api.rollups.endpoints import RollupQuery, Span, get_outcomes, get_rollup
from api.rollups.repository import By

ROUTER: Final = APIRouter(prefix="/console/results", include_in_schema=False)
SERIES: Final = ("confirmed", "in_work", "dismissed")
_MOST_MONTHS: Final = 24


@ROUTER.get("")
def results_page(request: Request, visible: Visible) -> Response:
    """Rows by what is asked for, by month, and the outcomes of the confirmed ones."""
    asked = asked_of(request, RollupQuery, lists=("by",))
    by, span = asked.by[0], {"opened_from": asked.opened_from, "opened_until": asked.opened_until}
    groups = told(get_rollup(request, RollupQuery(by=[by], **span), visible))["lines"]
    months = groups if by is By.MONTH else told(get_rollup(request, RollupQuery(by=[By.MONTH], **span), visible))["lines"]
    return page(
        request,
        "results.html",
        asked=asked,
        by=by.value,
        dimensions=[one.value for one in By],
        groups=[one | {"of": one["group"][by.value]} for one in (groups if by is By.MONTH else _largest_first(groups))],
        most=max((one["entries"] for one in groups), default=1),
        entries=sum(one["entries"] for one in months),
        months=_months(months),
        series=SERIES,
        outcomes=told(get_outcomes(request, Span(**span), visible)),
        region_name=region_name,
    )


def _largest_first(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda line: -line["entries"])


def _months(lines: list[dict[str, Any]]) -> Bars:
    newest = lines[-_MOST_MONTHS:]
    series = {name: [line[name] for line in newest] for name in SERIES}
    return stacked(series, [line["group"]["month"] for line in newest])
