"""The list of flags and one flag, as pages."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import CurrentPrincipal, Visible
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.asking import LISTS, asked_of
from api.console.flag_rows import in_order, shown
from api.console.page import page
from api.console.places import areas_to_choose, region_name
from api.console.typology_names import TYPOLOGIES
from api.database import Database
from api.flags import filters, repository, saved
from api.flags.endpoints import csv_response, xlsx_response
from api.flags.filters import Page
from api.flags.repository import FlagRow
from api.flags.service import Lists
from api.ledger.tracks import OPENED_BY, Track, entry_id
from api.summary import kept
from api.summary import repository as counts
from api.tables import AREAS
from contract import flag as flags
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/console", include_in_schema=False)
_ROWS: Final = 50
_BOM: Final = b"\xef\xbb\xbf"
"""Spreadsheets read UTF-8 by this mark; programs use the API, which sends none."""


@ROUTER.get("/flags")
def list_page(request: Request, principal: CurrentPrincipal, visible: Visible) -> Response:
    """The list with its filters, those that the office keeps among them."""
    asked = _asked(request)
    lists: Lists = request.app.state.lists
    rows, cursor = lists.page(asked, limit=_ROWS, visible=visible)
    trail_of(request).returned(row.account_id for row in rows)
    asked_query = request.url.remove_query_params(["cursor", "lang"]).query
    with request.app.state.database.reading() as connection:
        kept_filters = saved.of_office(connection, visible.office_id)
    return page(
        request,
        "flags.html",
        saved=kept_filters,
        may_save=principal.may(Permission.WORK),
        asked_query=asked_query,
        rows=[shown(row) for row in rows],
        asked=asked,
        next_url=None if cursor is None else "?" + request.url.include_query_params(cursor=cursor).query,
        first_url="?" + request.url.remove_query_params("cursor").query,
        tile_urls={name: _only(request, name) for name in in_order(visible.ever)},
        choices=_choices(visible),
        region_name=region_name,
        sees_area=visible.track is not Track.CASE or bool(rows),
        **_standing(request.app.state.database, asked, visible),
    )


@ROUTER.get("/flags.csv")
def export(request: Request, visible: Visible) -> Response:
    """The list's rows for a spreadsheet."""
    return csv_response(request.app.state.lists, _asked(request), visible, trail_of(request), prefix=_BOM)


@ROUTER.get("/flags.xlsx")
def export_workbook(request: Request, visible: Visible) -> Response:
    """The list's rows as a workbook."""
    return xlsx_response(request.app.state.lists, _asked(request), visible, trail_of(request))


@ROUTER.get("/flags/{flag_id}")
def flag_page(request: Request, flag_id: Annotated[str, Path(pattern=filters.ID)], visible: Visible) -> Response:
    """One flag: reasons first, then facts, measures and history."""
    database: Database = request.app.state.database
    with database.reading() as connection:
        row, revisions = repository.get(connection, flag_id, visible=visible)
        newest, heard = repository.newest_ms(connection, visible=visible), counts.heard_ms(connection)
    trail_of(request).returned([row.account_id])
    return page(
        request,
        "flag.html",
        shown=shown(row),
        entry_id=_entry_of(row, visible),
        history=[flags.decode(document) for document in reversed(revisions)],
        region_name=region_name,
        as_of=None if newest is None else text_ms(newest),
        heard_at=text_ms(heard) if heard else None,
    )


def _only(request: Request, category: str) -> str:
    """The same list with this category alone, from its beginning."""
    url = request.url.remove_query_params(["cursor", "category", "lang"])
    return "?" + url.include_query_params(category=category).query


def _asked(request: Request) -> Page:
    return asked_of(request, Page, lists=LISTS)


def _standing(database: Database, asked: Page, visible: VisibleScope) -> dict[str, Any]:
    """How many there are by category, whatever category is asked for, and as of when."""
    every = asked.model_copy(update={"category": list(visible.ever)})
    with database.reading() as connection:
        if kept.answers(every, visible):
            by_category = kept.by_category(connection, every, visible=visible)
        else:
            by_category = counts.count_by(connection, AREAS.c.category, every, visible=visible)
        newest, heard = repository.newest_ms(connection, visible=visible), counts.heard_ms(connection)
    wanted = frozenset[str](asked.category) or visible.categories
    return {
        "by_category": {name: by_category.get(name, 0) for name in in_order(visible.ever)},
        "total": sum(by_category.get(name, 0) for name in wanted),
        "as_of": None if newest is None else text_ms(newest),
        "heard_at": text_ms(heard) if heard else None,
    }


def _choices(visible: VisibleScope) -> dict[str, Any]:
    return {
        "region": areas_to_choose(visible.area),
        "category": in_order(visible.ever),
        "severity": list(get_args(filters.Severity)),
        "institution_type": sorted(visible.institution_types),
        "typology": list(TYPOLOGIES),
        "status": ["open", "closed"],
        "sort": list(get_args(filters.Sort)),
    }


def _entry_of(row: FlagRow, visible: VisibleScope) -> str | None:
    """The id of the account's ledger entry on the office's track, None where the flag opens none."""
    flag = flags.decode(row.document)
    opens = OPENED_BY.get(flag.category, ())
    if visible.track not in opens and not (opens and visible.track is Track.CASE):
        return None
    return entry_id(visible.track, flag.institution_code, flag.account_id)
