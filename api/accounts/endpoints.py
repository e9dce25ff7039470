"""``/v1/accounts``: one account, and with an approval its movements and flows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from api.accounts import repository
from api.accounts.movements import as_wire, flows_of
from api.accounts.schemas import AccountOut, account_out
from api.accounts.service import Inquiries
from api.archive.history import Period
from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.flags.filters import ID, Code
from api.reference import CHANGES, REFUSALS, json_response
from api.times import epoch_ms

ROUTER: Final = APIRouter(prefix="/v1/accounts", tags=["accounts"], responses=REFUSALS)
AccountId = Annotated[str, Path(pattern=ID)]
"""Any printable ASCII, slashes too: so the bare path stands last, and an id that ends in ``/movements``, ``/flows`` or
``/tracing`` is not reached."""
ApprovalId = Annotated[
    str | None,
    Header(alias="Fundwatch-Approval", pattern=ID, description="Id of an approval of your office that names this account."),
]


class PeriodQuery(BaseModel):
    """Which movements: by event time, at one institution."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution_code: Code | None = Field(default=None, description="Needed where several know this pseudonym.")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def period(self) -> Period:
        """The bounds as the archive takes them."""
        return Period(*(None if bound is None else epoch_ms(bound) for bound in (self.since, self.until)))


class MovementsQuery(PeriodQuery):
    """A page of movements, oldest first."""

    limit: int = Field(default=100, ge=1, le=500)
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None


class MovementsOut(BaseModel):
    """A page of movements in the contract's own form (§2.1); what is not known is left out."""

    items: list[dict[str, Any]]
    next_cursor: str | None


class DayFlowOut(BaseModel):
    """One Shanghai day's sums in CNY."""

    day: str
    credited: str
    debited: str
    movements: int


class CounterpartyFlowOut(BaseModel):
    """What went to and came from one counterparty, in CNY."""

    counterparty: str
    counterparty_kind: str | None
    first_on: str
    last_on: str
    credited: str
    debited: str
    movements: int


class FlowsOut(BaseModel):
    """Flows of an account as booked, by day and by its 200 largest counterparties."""

    by_day: list[DayFlowOut]
    by_counterparty: list[CounterpartyFlowOut]
    movements: int
    is_complete: bool = Field(description="False where the period holds more than a million movements.")


@ROUTER.get("/{account_id:path}/movements", response_model=MovementsOut, responses=CHANGES)
def get_movements(
    request: Request,
    account_id: AccountId,
    query: Annotated[MovementsQuery, Query()],
    visible: Visible,
    approval: ApprovalId = None,
) -> Response:
    """Movements of an account, oldest first; needs an approval that names it."""
    inquiries: Inquiries = request.app.state.inquiries
    table, cursor = inquiries.page(
        account_id,
        institution_code=query.institution_code,
        approval=approval,
        period=query.period(),
        limit=query.limit,
        cursor=query.cursor,
        visible=visible,
    )
    trail = trail_of(request)
    trail.approval, trail.accounts = approval, [account_id]
    trail.counted(table.num_rows)
    return json_response(msgspec.json.encode({"items": as_wire(table), "next_cursor": cursor}))


@ROUTER.get("/{account_id:path}/flows", response_model=FlowsOut, responses=CHANGES)
def get_flows(
    request: Request, account_id: AccountId, query: Annotated[PeriodQuery, Query()], visible: Visible, approval: ApprovalId = None
) -> Response:
    """Sums by day and by counterparty; needs an approval that names the account."""
    inquiries: Inquiries = request.app.state.inquiries
    table = inquiries.everything(
        account_id, institution_code=query.institution_code, approval=approval, period=query.period(), visible=visible
    )
    flows = flows_of(table)
    trail = trail_of(request)
    trail.approval, trail.accounts = approval, [account_id]
    trail.counted(flows.movements)
    return json_response(msgspec.json.encode(asdict(flows)))


@ROUTER.get("/{account_id:path}", response_model=AccountOut)
def get_account(request: Request, account_id: AccountId, visible: Visible) -> Response:
    """Profile, measures and flags of an account. Absent and unseen are the same 404."""
    with request.app.state.database.reading() as connection:
        entries = repository.entries_of(connection, account_id, visible=visible)
        found = repository.flags_of(connection, account_id, visible=visible)
    trail_of(request).returned([account_id])
    return json_response(account_out(account_id, found, entries).model_dump_json().encode())
