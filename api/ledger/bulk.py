"""Many entries, one step: each decided for itself, all in one transaction, none hidden among the others."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy import Connection
from starlette.responses import Response

from api.audit.trail import Trail, trail_of
from api.auth.principal import Principal, Visible, Worker
from api.auth.scope import VisibleScope
from api.flags.filters import Id
from api.idempotency import IdempotencyKey, repeatable
from api.ledger.moves import Transition
from api.ledger.service import Board
from api.ledger.states import Status
from api.reference import CHANGES, REFUSALS, json_response
from api.texts import Short, Text
from contract.errors import RequestError

ROUTER: Final = APIRouter(prefix="/v1/ledger", tags=["ledger"], responses=REFUSALS)
MOST: Final = 200


class Named(BaseModel):
    """An entry and the version of it that was looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry_id: Id
    expected_version: int = Field(ge=1, le=2**31 - 1)


class BulkAsked(BaseModel):
    """One step for many entries."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entries: list[Named] = Field(min_length=1, max_length=MOST)
    to: Status
    reason: Text
    evidence: list[Short] = Field(default=[], max_length=20)
    office: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")] | None = None
    next_action: Short | None = None

    @field_validator("entries")
    @classmethod
    def _once(cls, value: list[Named]) -> list[Named]:
        if len({one.entry_id for one in value}) != len(value):
            raise ValueError("an entry stands in it twice")
        return value


class BulkLineOut(BaseModel):
    """What became of one entry."""

    entry_id: str
    is_done: bool
    version: int | None
    status: Status | None
    error: str | None = Field(description="As the error of a single step.")
    detail: str | None


class BulkOut(BaseModel):
    """Every entry that was named, in that order."""

    items: list[BulkLineOut]


@ROUTER.post("/transitions", response_model=BulkOut, responses=CHANGES)
def move_entries(
    request: Request, asked: BulkAsked, visible: Visible, by: Worker, idempotency_key: IdempotencyKey = None
) -> Response:
    """Take one step with many entries. Each is as if it were alone: where one is refused the others go on."""
    board: Board = request.app.state.board
    trail = trail_of(request)
    sent = repeatable(idempotency_key, by, b"bulk", asked.model_dump_json().encode())
    with board.database.writing() as connection:

        def move() -> bytes:
            lines = [_moved(board, connection, one, asked, by, visible, trail) for one in asked.entries]
            return BulkOut(items=lines).model_dump_json().encode()

        body = sent.once(connection, move, now_ms=board.clock_ms())
    trail.counted(len(asked.entries))
    return json_response(body)


def _moved(
    board: Board,
    connection: Connection,
    one: Named,
    asked: BulkAsked,
    by: Principal,
    visible: VisibleScope,
    trail: Trail,
) -> BulkLineOut:
    step = Transition(
        to=asked.to,
        reason=asked.reason,
        expected_version=one.expected_version,
        evidence=asked.evidence,
        office=asked.office,
        next_action=asked.next_action,
    )
    try:
        # Of its own, so that what a refused step may have written is gone and the others stay.
        with connection.begin_nested():
            view = board.move(connection, one.entry_id, step, by=by, visible=visible, trail=trail)
    except RequestError as error:
        return BulkLineOut(entry_id=one.entry_id, is_done=False, version=None, status=None, error=error.code, detail=str(error))
    entry = view.entry
    return BulkLineOut(entry_id=one.entry_id, is_done=True, version=entry.version, status=entry.status, error=None, detail=None)
