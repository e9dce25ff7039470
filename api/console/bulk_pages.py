"""One step with many entries of the board, by ticking rows."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import field_validator
from starlette.responses import Response

from api.auth.principal import Visible, Worker
from api.console.answers import told
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.ledger_pages import board_of
from api.ledger.bulk import BulkAsked, Named, move_entries

ROUTER: Final = APIRouter(prefix="/console/ledger", include_in_schema=False)


class TickedStep(BulkAsked):
    """The form's own way to name entries: id and version in one value, as one box gives one."""

    @field_validator("entries", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [dict(zip(Named.model_fields, str(one).split(" "), strict=False)) for one in value]


@ROUTER.post("/steps")
def move_many(request: Request, fields: Fields, visible: Visible, by: Worker) -> Response:
    """Take the step with every entry that is ticked, and show the board with what became of each."""
    try:
        asked = asked_by(fields, TickedStep, lists=("entries",))
        moved: dict[str, Any] = told(move_entries(request, asked, visible, by))
    except SHOWN_AGAIN as refusal:
        return board_of(request, by, visible, refusal=refusal)
    return board_of(request, by, visible, outcome=moved)
