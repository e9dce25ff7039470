"""The audit line of what a person did, beside the line of the request that brought it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.audit.record import AuditRecord, Decision
from api.auth.principal import Principal


def act_of(
    by: Principal,
    request_id: str,
    action: str,
    *,
    at: str,
    target: str | None = None,
    purpose: str | None = None,
    approval: str | None = None,
    accounts: Sequence[str] = (),
    detail: dict[str, Any] | None = None,
) -> AuditRecord:
    """The line of an act that was done; ``at`` as the contract writes times."""
    return AuditRecord(
        at=at,
        request_id=request_id,
        action=action,
        decision=Decision.DONE,
        office=by.office.office_id,
        holder=by.holder,
        key_id=by.key_id,
        role=by.role,
        purpose=purpose,
        approval=approval,
        target=target,
        accounts=list(accounts),
        detail=detail or {},
    )
