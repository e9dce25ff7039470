"""``/v1/schemes/{scheme_id}/tracing``: where payers' money went and sits, for offices with an approval."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.accounts.endpoints import ApprovalId
from api.audit.trail import trail_of
from api.auth.principal import Visible
from api.flags.filters import ID
from api.reference import CHANGES, REFUSALS, json_response
from api.times import epoch_ms
from api.tracing.purses import Rule
from api.tracing.schemas import TracingOut, told
from api.tracing.service import Tracing

ROUTER: Final = APIRouter(prefix="/v1/schemes", tags=["schemes"], responses=REFUSALS)


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


@ROUTER.get("/{scheme_id}/tracing", response_model=TracingOut, responses=CHANGES)
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
    trail = trail_of(request)
    trail.approval, trail.accounts = approval, answer.accounts
    trail.counted(answer.movements)
    return json_response(msgspec.json.encode(told(answer)))
