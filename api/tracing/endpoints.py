"""``/v1/schemes/{scheme_id}/tracing`` and that of one account: where payers' money went and sits, under an approval."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.accounts.endpoints import AccountId, ApprovalId
from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.flags.filters import ID, Code
from api.reference import CHANGES, REFUSALS, json_response
from api.times import epoch_ms
from api.tracing.purses import Rule
from api.tracing.schemas import TracingOut, told
from api.tracing.service import Answer, Tracing

ROUTER: Final = APIRouter(prefix="/v1", responses=REFUSALS)


class TracingQuery(BaseModel):
    """By which rule, and up to when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Rule = Field(
        default="fifo",
        description="`fifo`: what came in first leaves first. `proportional`: what leaves is of each origin what the account "
        "holds of it at that moment. Both are assumptions: money has no name.",
    )
    until: AwareDatetime | None = Field(default=None, description="Movements before this time alone.")

    @property
    def until_ms(self) -> int | None:
        """The bound as the archive takes it."""
        return None if self.until is None else epoch_ms(self.until)


@ROUTER.get("/schemes/{scheme_id}/tracing", response_model=TracingOut, responses=CHANGES, tags=["schemes"])
def get_tracing(
    request: Request,
    scheme_id: Annotated[str, Path(pattern=ID)],
    query: Annotated[TracingQuery, Query()],
    visible: Visible,
    approval: ApprovalId = None,
) -> Response:
    """Where the money of payers went and sits; needs an approval that names accounts of the scheme."""
    tracing: Tracing = request.app.state.tracing
    answer = tracing.trace(scheme_id, rule=query.rule, until_ms=query.until_ms, approval=approval, visible=visible)
    return _answered(request, answer, approval)


class AccountTracingQuery(TracingQuery):
    """By which rule, up to when, at which institution."""

    institution_code: Code | None = Field(default=None, description="Needed where several know this pseudonym.")


@ROUTER.get("/accounts/{account_id:path}/tracing", response_model=TracingOut, responses=CHANGES, tags=["accounts"])
def get_account_tracing(
    request: Request,
    account_id: AccountId,
    query: Annotated[AccountTracingQuery, Query()],
    visible: Visible,
    approval: ApprovalId = None,
) -> Response:
    """Where the money of who paid into this account went and sits; needs an approval that names it."""
    tracing: Tracing = request.app.state.tracing
    answer = tracing.trace_account(
        account_id,
        institution_code=query.institution_code,
        rule=query.rule,
        until_ms=query.until_ms,
        approval=approval,
        visible=visible,
    )
    return _answered(request, answer, approval)


def _answered(request: Request, answer: Answer, approval: str | None) -> Response:
    trail = trail_of(request)
    trail.approval, trail.accounts = approval, answer.accounts
    trail.counted(answer.movements)
    return json_response(msgspec.json.encode(told(answer)))
