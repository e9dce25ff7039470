"""``/v1/watchlist/flags``: which flags name a subject of the list, as far as the office sees them."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection, select
from starlette.responses import Response

from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.auth.scope import VisibleScope
from api.flags.where import SHOWN, visible_flags
from api.reference import REFUSALS, json_response
from api.tables import FLAGS, TYPOLOGIES
from api.texts import Pseudonym
from contract.watchlist import TAG_PREFIX

ROUTER: Final = APIRouter(prefix="/v1/watchlist", tags=["watch list"], responses=REFUSALS)
_NAME: Final = "watchlist_contact"
_MOST: Final = 5_000
"""Flags in contact with the list that are looked through, the newest first: far more than an office has."""


class TouchedFlagOut(BaseModel):
    """A flag that names the subject."""

    flag_id: str
    account_id: str
    category: str
    status: str
    is_holder: bool


class TouchedFlagsOut(BaseModel):
    """What a subject's entry changed: flags in contact with it now, or that said so last, newest first."""

    subject: str
    items: list[TouchedFlagOut]


@ROUTER.get("/flags", response_model=TouchedFlagsOut)
def list_touched(request: Request, visible: Visible, subject: Annotated[Pseudonym, Query()]) -> Response:
    """Flags whose finding ``watchlist_contact`` names the subject, or whose holder it is."""
    with request.app.state.database.reading() as connection:
        items = _touched(connection, subject, visible)
    trail_of(request).counted(len(items))
    return json_response(TouchedFlagsOut(subject=subject, items=items).model_dump_json().encode())


def _touched(connection: Connection, subject: str, visible: VisibleScope) -> list[TouchedFlagOut]:
    """The tag stands in the flag's document alone; flags in contact with the list are few."""
    columns = (FLAGS.c.flag_id, FLAGS.c.account_id, FLAGS.c.customer_id, FLAGS.c.category, FLAGS.c.status, FLAGS.c.document)
    of_contact = SHOWN.join(TYPOLOGIES, TYPOLOGIES.c.flag_id == FLAGS.c.flag_id)
    seen = visible_flags(visible, categories=visible.ever)
    statement = select(*columns).select_from(of_contact).where(TYPOLOGIES.c.name == _NAME, seen)
    tag = msgspec.json.encode(TAG_PREFIX + subject)
    rows = connection.execute(statement.order_by(FLAGS.c.position.desc()).limit(_MOST))
    return [
        TouchedFlagOut(
            flag_id=row.flag_id,
            account_id=row.account_id,
            category=row.category,
            status=row.status,
            is_holder=subject in (row.account_id, row.customer_id),
        )
        for row in rows
        if tag in bytes(row.document)
    ]
