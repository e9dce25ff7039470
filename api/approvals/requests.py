"""Requests for an approval: asked by whoever works on an account, granted or refused by a supervisor of the office."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from api.approvals.endpoints import ApprovalAsked
from api.tables import APPROVAL_REQUESTS
from contract.errors import Conflict, NotFound
from contract.shanghai import text_ms

OPEN, GRANTED, REFUSED = "open", "granted", "refused"
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What was asked, by whom, and what became of it."""

    request_id: str
    asked: ApprovalAsked
    holder: str
    asked_at: str
    state: str


def ask(connection: Connection, asked: ApprovalAsked, *, subject: str, office_id: str, holder: str, now_ms: int) -> str:
    """Keep a request about a subject (an account by its id, or a scheme's accounts by a name); gives its id."""
    request_id = secrets.token_hex(12)
    row = {"request_id": request_id, "office_id": office_id, "account_id": subject, "holder": holder,
           "asked_ms": now_ms, "state": OPEN, "document": asked.model_dump_json().encode()}  # fmt: skip
    connection.execute(insert(APPROVAL_REQUESTS).values(row))
    return request_id


def about(connection: Connection, subject: str, *, office_id: str) -> list[ApprovalRequest]:
    """The office's requests about a subject, newest first."""
    own = (APPROVAL_REQUESTS.c.office_id == office_id, APPROVAL_REQUESTS.c.account_id == subject)
    order = (APPROVAL_REQUESTS.c.asked_ms.desc(), APPROVAL_REQUESTS.c.request_id)
    found = connection.execute(select(APPROVAL_REQUESTS).where(*own).order_by(*order).limit(_MOST))
    return [
        ApprovalRequest(
            row.request_id, ApprovalAsked.model_validate_json(bytes(row.document)), row.holder, text_ms(row.asked_ms), row.state
        )
        for row in found
    ]


def get(connection: Connection, request_id: str, subject: str, *, office_id: str) -> ApprovalRequest:
    """One of the office's requests; raises ``NotFound``."""
    found = [one for one in about(connection, subject, office_id=office_id) if one.request_id == request_id]
    if not found:
        raise NotFound("no such request")
    return found[0]


def decide(connection: Connection, request_id: str, *, state: str) -> None:
    """Grant or refuse; raises ``Conflict`` where somebody else was first."""
    waits = (APPROVAL_REQUESTS.c.request_id == request_id, APPROVAL_REQUESTS.c.state == OPEN)
    if connection.execute(update(APPROVAL_REQUESTS).where(*waits).values(state=state)).rowcount != 1:
        raise Conflict("this request has been decided already")
