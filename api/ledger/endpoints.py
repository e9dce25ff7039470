"""``/v1/ledger``: the risk ledger's entries and the steps that people take with them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, status
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible, Worker
from api.flags.filters import ID
from api.idempotency import IdempotencyKey, repeatable
from api.ledger.filters import EntryPage
from api.ledger.moves import Transition
from api.ledger.schemas import EntryPageOut, EntryWithHistory, entry_out, view_out
from api.ledger.service import Board
from api.list_route import ListRoute
from api.reference import CHANGES, REFUSALS, json_response

ROUTER: Final = APIRouter(prefix="/v1/ledger", tags=["ledger"], responses=REFUSALS)
EntryId = Annotated[str, Path(pattern=ID)]


def list_entries(request: Request, page: Annotated[EntryPage, Query()], visible: Visible) -> Response:
    """Entries of the risk ledger that your office may see, highest score first unless told."""
    board: Board = request.app.state.board
    entries, cursor = board.page(page, visible=visible)
    trail_of(request).returned(account for entry in entries for account in entry.accounts)
    now = board.clock_ms()
    items = [entry_out(entry, own=visible.office_id, deadlines=board.deadlines, now_ms=now) for entry in entries]
    return json_response(EntryPageOut(items=items, next_cursor=cursor).model_dump_json().encode())


ROUTER.add_api_route("", list_entries, methods=["GET"], response_model=EntryPageOut, route_class_override=ListRoute)


@ROUTER.get("/{entry_id}", response_model=EntryWithHistory)
def get_entry(request: Request, entry_id: EntryId, visible: Visible) -> Response:
    """One entry with every version of it. Absent and unseen are the same 404."""
    board: Board = request.app.state.board
    view = board.get(entry_id, visible=visible)
    trail_of(request).returned(view.entry.accounts)
    shown = view_out(view, own=visible.office_id, deadlines=board.deadlines, now_ms=board.clock_ms())
    return json_response(shown.model_dump_json().encode())


@ROUTER.post("/{entry_id}/transitions", response_model=EntryWithHistory, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def move_entry(
    request: Request,
    entry_id: EntryId,
    asked: Transition,
    visible: Visible,
    by: Worker,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Take a step with an entry.

    Dismissing, referring and closing take two persons: the first request proposes, the same step by a supervisor of
    the same office who is somebody else confirms. Naming the entry's own state refuses what was proposed.
    """
    board: Board = request.app.state.board
    trail = trail_of(request)

    def move() -> bytes:
        view = board.move(connection, entry_id, asked, by=by, visible=visible, trail=trail)
        shown = view_out(view, own=visible.office_id, deadlines=board.deadlines, now_ms=board.clock_ms())
        return shown.model_dump_json().encode()

    sent = repeatable(idempotency_key, by, entry_id.encode(), asked.model_dump_json().encode())
    with board.database.writing() as connection:
        body = sent.once(connection, move, now_ms=board.clock_ms())
    trail.counted(1)
    return json_response(body, status.HTTP_201_CREATED)
