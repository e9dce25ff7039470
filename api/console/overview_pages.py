"""What is new in my area: counts, trend, regions, deadlines, coverage, and the newest flags."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.audit.trail import trail_of
from api.auth.principal import CurrentPrincipal, Visible
from api.auth.scope import VisibleScope
from api.console.charts.bars import Bars, stacked
from api.console.flag_rows import in_order, shown
from api.console.navigation import first_page
from api.console.page import page
from api.console.places import region_name
from api.coverage.endpoints import InstitutionCoverage, by_institution
from api.flags import repository
from api.flags.filters import Page
from api.ledger.filters import TIERS
from api.ledger.service import Board
from api.ledger.tracks import Track
from api.summary import repository as counts
from api.summary.overview import TREND_DAYS, Overview, overview_of
from contract import regions
from contract.shanghai import date_of, day_of, text_ms

ROUTER: Final = APIRouter(prefix="/console", include_in_schema=False)
_NEWEST: Final = 12
_WORST: Final = 6


@ROUTER.get("")
def console(principal: CurrentPrincipal) -> Response:
    """Go to where this person's day begins."""
    return RedirectResponse(first_page(principal), status_code=303)


@ROUTER.get("/overview")
def overview_page(
    request: Request, visible: Visible, region: Annotated[str | None, Query(pattern="^[0-9]{6}$")] = None
) -> Response:
    """The area at a glance; ``region`` goes down into a part of it."""
    board: Board = request.app.state.board
    now = board.clock_ms()
    with board.database.reading() as connection:
        newest, heard = repository.newest_ms(connection, visible=visible), counts.heard_ms(connection)
        last_day = day_of(newest if newest is not None else now)
        soon = board.deadlines.soon_day(now_ms=now)
        found = overview_of(connection, region, last_day=last_day, today=day_of(now), soon_day=soon, visible=visible)
        asked = Page(sort="-updated_at", region=None if found.area == visible.area else found.area)
        rows = repository.page_of(connection, asked, after=None, limit=_NEWEST, visible=visible)
        covered = by_institution(connection, frozenset(), visible)
    trail_of(request).returned(row.account_id for row in rows)
    return page(
        request,
        "overview.html",
        found=found,
        sees_area=visible.track is not Track.CASE,
        tiles=_tiles(found, last_day, visible),
        trend=_trend(found, last_day, visible),
        places=_places(found, visible),
        way=_way(found.area, visible),
        tiers={name: sum(found.by_severity.get(one, 0) for one in values) for name, values in TIERS.items()},
        rows=[shown(row) for row in rows],
        covered=sorted(covered, key=_gaps, reverse=True)[:_WORST],
        gaps=_gaps,
        region_name=region_name,
        as_of=None if newest is None else text_ms(newest),
        heard_at=text_ms(heard) if heard else None,
        last_day=date_of(last_day).isoformat(),
    )


def _tiles(found: Overview, last_day: int, visible: VisibleScope) -> list[dict[str, Any]]:
    """By category: open now, opened on the newest day and in the week that ends with it."""
    tiles = []
    for category in in_order(visible.categories):
        opened = found.opened_by_day.get(category, {})
        week = sum(n for day, n in opened.items() if day > last_day - 7)
        tiles.append(
            {"category": category, "open": found.open_now.get(category, 0), "day": opened.get(last_day, 0), "week": week}
        )
    return tiles


def _trend(found: Overview, last_day: int, visible: VisibleScope) -> Bars:
    days = range(last_day - TREND_DAYS + 1, last_day + 1)
    series = {
        category: [found.opened_by_day.get(category, {}).get(day, 0) for day in days] for category in in_order(visible.categories)
    }
    return stacked(series, [f"{date_of(day):%m-%d}" for day in days])


def _places(found: Overview, visible: VisibleScope) -> list[dict[str, Any]]:
    """The areas below with anything in them, the fullest first, each with its parts in per mille of the fullest."""
    order = in_order(visible.categories)
    totals = {area: sum(parts.values()) for area, parts in found.open_below.items()}
    most = max(totals.values(), default=1)
    places = []
    for area in sorted(totals, key=lambda area: (-totals[area], area)):
        parts, x = [], 0.0
        for category in order:
            wide = 1000 * found.open_below[area].get(category, 0) / most
            if wide:
                parts.append({"kind": category, "x": x, "width": wide, "n": found.open_below[area][category]})
            x += wide
        places.append({"area": area, "total": totals[area], "parts": parts})
    return places


def _way(area: str, visible: VisibleScope) -> list[str]:
    """From the office's own area down to the one that is shown."""
    above = [code for code in reversed(regions.parents(area)) if code == visible.area or regions.covers(visible.area, code)]
    if visible.area == regions.NATION:
        above = list(dict.fromkeys([regions.NATION, *above]))
    return [*(code for code in above if code != area), area]


def _gaps(one: InstitutionCoverage) -> int:
    return sum(one.not_evaluable.values())
