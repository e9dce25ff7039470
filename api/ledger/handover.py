"""Handing an entry over: to another person of the office, or to another office that works on the same row."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy import Connection, insert
from starlette.responses import Response

from api.audit import repository as audit
from api.audit.trail import Trail, trail_of
from api.auth import repository as offices
from api.auth.offices import Office
from api.auth.principal import Principal, Visible, Worker
from api.auth.scope import VisibleScope, visible_scope
from api.flags.filters import Person
from api.idempotency import IdempotencyKey, repeatable
from api.ledger import history, lists, rows
from api.ledger.endpoints import EntryId
from api.ledger.history import HistoryLine, Kind
from api.ledger.moves import leads
from api.ledger.rows import Entry
from api.ledger.schemas import EntryWithHistory, view_out
from api.ledger.service import Board, EntryView, claim, view_of
from api.ledger.sight import is_of
from api.ledger.states import ENDED
from api.reference import CHANGES, REFUSALS, json_response
from api.tables import HISTORY
from api.texts import Text
from contract.errors import Conflict, Forbidden, Unprocessable
from contract.shanghai import text_ms

ROUTER: Final = APIRouter(prefix="/v1/ledger", tags=["ledger"], responses=REFUSALS)


class HandOver(BaseModel):
    """Whose it becomes, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")] | None = Field(
        default=None, description="Another office that works on this row; it takes it up by a step."
    )
    holder: Person | None = Field(default=None, description="A person of your own office.")
    reason: Text
    expected_version: int = Field(ge=1, le=2**31 - 1)

    @model_validator(mode="after")
    def _to_one(self) -> HandOver:
        if (self.office is None) == (self.holder is None):
            raise ValueError("name either another office or a person of your own")
        return self


@ROUTER.post("/{entry_id}/handover", response_model=EntryWithHistory, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def hand_over(
    request: Request,
    entry_id: EntryId,
    asked: HandOver,
    visible: Visible,
    by: Worker,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Hand an entry over. Its state stays, its deadline begins anew, and what waits for a second person is withdrawn."""
    board: Board = request.app.state.board
    trail = trail_of(request)
    sent = repeatable(idempotency_key, by, b"handover", entry_id.encode(), asked.model_dump_json().encode())
    with board.database.writing() as connection:

        def hand() -> bytes:
            view = handed(board, connection, entry_id, asked, by=by, visible=visible, trail=trail)
            shown = view_out(view, own=visible.office_id, deadlines=board.deadlines, now_ms=board.clock_ms())
            return shown.model_dump_json().encode()

        body = sent.once(connection, hand, now_ms=board.clock_ms())
    trail.counted(1)
    return json_response(body, status.HTTP_201_CREATED)


def handed(
    board: Board, connection: Connection, entry_id: str, asked: HandOver, *, by: Principal, visible: VisibleScope, trail: Trail
) -> EntryView:
    """Hand over in the caller's write transaction; raises as ``Board.move`` does."""
    entry, now = lists.get(connection, entry_id, visible=visible), board.clock_ms()
    if asked.expected_version != entry.version:
        raise Conflict("the entry has changed since you looked at it")
    if entry.status in ENDED:
        raise Conflict("the entry has ended; new evidence or a step opens it again")
    if not leads(entry, by.office):
        raise Forbidden("the lead office of the subject's own region decides (Order 737 art. 20); yours assists")
    if entry.owner_office not in (None, by.office.office_id):
        raise Forbidden("the office that has it hands it over")
    target = None if asked.office is None else _taking(connection, asked.office, entry, by.office, visible)
    entry.version += 1
    entry.changed_ms = now
    entry.proposal = None
    entry.due_day = board.deadlines.due_day(entry.status, now_ms=now)
    entry.owner_office, entry.owner = (by.office.office_id, asked.holder) if target is None else (target.office_id, None)
    claim(connection, entry, asked.expected_version)
    rows.replace(connection, [entry])
    line = HistoryLine(
        entry_id=entry.entry_id,
        version=entry.version,
        at=text_ms(now),
        kind=Kind.HANDED_OVER,
        from_status=entry.status,
        to_status=entry.status,
        reason=asked.reason,
        office=by.office.office_id,
        holder=by.holder,
        referred_to=None if target is None else target.office_id,
        handed_to=asked.holder,
    )
    connection.execute(insert(HISTORY), [history.row(line)])
    act = history.act(line, now_ms=now, request_id=trail.request_id, accounts=entry.accounts, key_id=by.key_id)
    audit.append(connection, [act])
    return view_of(connection, entry, visible)


def _taking(connection: Connection, office_id: str, entry: Entry, own: Office, visible: VisibleScope) -> Office:
    """The office that takes it: of the same track, sees the row, and may decide about it."""
    office = offices.find_office(connection, office_id)
    if office is not None and office.office_id != own.office_id:
        scope = visible_scope(office)
        sees = scope.area in entry.areas() and is_of(entry.type_in(scope.area), scope.institution_types)
        if sees and scope.track is visible.track and leads(entry, office):
            return office
    raise Unprocessable("office: not one that works on this row")
