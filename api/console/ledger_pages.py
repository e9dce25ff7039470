"""The ledger board and one entry with its next step, as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.audit.trail import trail_of
from api.auth.principal import CurrentPrincipal, Principal, Visible, Worker
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.console.asking import asked_of
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.console.places import areas_to_choose, region_name
from api.flags.filters import ID
from api.ledger import lists, moves
from api.ledger.filters import EntryPage, EntrySort, Tier
from api.ledger.handover import HandOver, hand_over
from api.ledger.moves import Transition
from api.ledger.schemas import entry_out, view_out
from api.ledger.service import Board, EntryView
from api.ledger.states import ENDED, NEEDS_EVIDENCE, TWO_PERSONS, Status, steps
from api.suppressions.endpoints import MOST_DAYS, SuppressionAsked, propose_suppression
from contract.errors import RequestError
from contract.shanghai import day_of

ROUTER: Final = APIRouter(prefix="/console/ledger", include_in_schema=False)
EntryId = Annotated[str, Path(pattern=ID)]
_ROWS: Final = 50
_LISTS: Final = ("status", "severity", "institution_type", "institution_code")


@ROUTER.get("")
def board_page(request: Request, principal: CurrentPrincipal, visible: Visible) -> Response:
    """The board: how many entries stand where, and the list with its filters."""
    return board_of(request, principal, visible)


def board_of(
    request: Request,
    principal: Principal,
    visible: VisibleScope,
    *,
    outcome: dict[str, Any] | None = None,
    refusal: RequestError | None = None,
) -> Response:
    """The board as it stands now, with what became of a step with many of its entries."""
    asked = asked_of(request, EntryPage, lists=_LISTS).model_copy(update={"limit": _ROWS})
    board: Board = request.app.state.board
    now = board.clock_ms()
    entries, cursor = board.page(asked, visible=visible)
    trail_of(request).returned(account for entry in entries for account in entry.accounts)
    every = asked.model_copy(update={"status": [], "is_overdue": None})
    overdue = asked.model_copy(update={"status": [], "is_overdue": True})
    with board.database.reading() as connection:
        counts = lists.count_by_status(connection, every, today=day_of(now), visible=visible)
        late = sum(lists.count_by_status(connection, overdue, today=day_of(now), visible=visible).values())
    here = request.url.remove_query_params(["cursor", "status", "is_overdue", "lang"])
    return page(
        request,
        "ledger.html",
        rows=[entry_out(entry, own=visible.office_id, deadlines=board.deadlines, now_ms=now) for entry in entries],
        asked=asked,
        counts={status.value: counts.get(status.value, 0) for status in _columns(visible)},
        late=late,
        tile_urls={status.value: "?" + here.include_query_params(status=status.value).query for status in _columns(visible)},
        late_url="?" + here.include_query_params(is_overdue="true").query,
        next_url=None if cursor is None else "?" + request.url.include_query_params(cursor=cursor).query,
        first_url="?" + request.url.remove_query_params("cursor").query,
        choices={
            "region": areas_to_choose(visible.area),
            "tier": list(get_args(Tier)),
            "institution_type": sorted(visible.institution_types),
            "sort": list(get_args(EntrySort)),
        },
        region_name=region_name,
        outcome=outcome,
        refusal=refusal,
        may_work=principal.may(Permission.WORK),
        steps=[status for status in _columns(visible) if status not in NEEDS_EVIDENCE | {Status.NEW, Status.TRANSFERRED}],
        two_persons=TWO_PERSONS,
        bulk_url="/console/ledger/steps?" + here.query,
    )


@ROUTER.get("/{entry_id}")
def entry_page(request: Request, entry_id: EntryId, principal: CurrentPrincipal, visible: Visible) -> Response:
    """One entry: where it stands, why, what can be done, and all that was done."""
    board: Board = request.app.state.board
    return _shown(request, board.get(entry_id, visible=visible), principal, visible)


@ROUTER.post("/{entry_id}")
def step(request: Request, entry_id: EntryId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Take the step that the form asks for; a refusal shows the entry as it stands now."""
    board: Board = request.app.state.board
    try:
        asked = asked_by(fields, Transition, lines=("evidence",))
        with board.database.writing() as connection:
            board.move(connection, entry_id, asked, by=by, visible=visible, trail=trail_of(request))
    except SHOWN_AGAIN as refusal:
        return _shown(request, board.get(entry_id, visible=visible), by, visible, refusal=refusal)
    trail_of(request).counted(1)
    return RedirectResponse(f"/console/ledger/{entry_id}", status_code=303)


@ROUTER.post("/{entry_id}/handover")
def hand(request: Request, entry_id: EntryId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Give the entry to a person of the office, or to another office that works on it."""
    return _acted(request, entry_id, visible, by, lambda: hand_over(request, entry_id, asked_by(fields, HandOver), visible, by))


@ROUTER.post("/{entry_id}/suppression")
def suppress(request: Request, entry_id: EntryId, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Propose to leave the entry off the office's board for a time."""
    asked = fields | {"entry_id": [entry_id]}
    return _acted(
        request, entry_id, visible, by, lambda: propose_suppression(request, asked_by(asked, SuppressionAsked), visible, by)
    )


def _acted(request: Request, entry_id: str, visible: VisibleScope, by: Principal, act: Callable[[], Response]) -> Response:
    board: Board = request.app.state.board
    try:
        act()
    except SHOWN_AGAIN as refusal:
        return _shown(request, board.get(entry_id, visible=visible), by, visible, refusal=refusal)
    return RedirectResponse(f"/console/ledger/{entry_id}", status_code=303)


def _shown(
    request: Request, view: EntryView, principal: Principal, visible: VisibleScope, *, refusal: RequestError | None = None
) -> Response:
    board: Board = request.app.state.board
    trail_of(request).returned(view.entry.accounts)
    proposal = view.entry.proposal
    works = principal.may(Permission.WORK) and moves.leads(view.entry, principal.office)
    is_second = proposal is not None and proposal.office == visible.office_id and proposal.holder != principal.holder
    return page(
        request,
        "entry.html",
        entry=view_out(view, own=visible.office_id, deadlines=board.deadlines, now_ms=board.clock_ms()),
        refusal=refusal,
        may_step=works,
        may_confirm=works and is_second and principal.may(Permission.CONFIRM),
        steps=[step for step in steps(view.entry.status, view.entry.track) if works],
        two_persons=TWO_PERSONS,
        needs_evidence=NEEDS_EVIDENCE,
        may_hand_over=works and view.entry.status not in ENDED and view.entry.owner_office in (None, visible.office_id),
        may_suppress=principal.may(Permission.WORK),
        most_days=MOST_DAYS,
        region_name=region_name,
    )


def _columns(visible: VisibleScope) -> list[Status]:
    reachable = {step for status in Status for step in steps(status, visible.track)} | {Status.NEW}
    return [status for status in Status if status in reachable]
