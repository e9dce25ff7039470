"""What a request leaves for the audit, filled in on its way."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from api.audit.record import Decision, Purpose
from api.auth.offices import Kind
from contract.errors import BadRequest

PURPOSE_HEADER: Final = "fundwatch-purpose"
_USUAL: Final[dict[Kind, Purpose]] = {
    Kind.PBOC: Purpose.AML_SUPERVISION,
    Kind.NFRA: Purpose.PRUDENTIAL,
    Kind.CSRC: Purpose.PRUDENTIAL,
    Kind.LEAD: Purpose.ILLEGAL_FUNDRAISING_PREVENTION,
    Kind.POLICE: Purpose.CASE,
}
"""What an office asks for unless it says something else."""


@dataclass(slots=True)
class Trail:
    """One request's part of its audit line; ``rows`` None where the answer holds no rows."""

    request_id: str = field(default_factory=lambda: secrets.token_hex(8))
    office: str | None = None
    holder: str | None = None
    key_id: str | None = None
    role: str | None = None
    purpose: Purpose | None = None
    approval: str | None = None
    rows: int | None = None
    accounts: list[str] = field(default_factory=list)
    is_streamed: bool = False
    good_until_ms: int | None = None
    """When the token that was shown ends; None for a key."""

    def returned(self, accounts: Iterable[str]) -> None:
        """Note the rows of the answer by the accounts they are about."""
        found = list(accounts)
        self.rows = (self.rows or 0) + len(found)
        self.accounts.extend(dict.fromkeys(found))

    def counted(self, rows: int) -> None:
        """Note rows that name no account."""
        self.rows = (self.rows or 0) + rows

    def asked_for(self, purpose: str | None, kind: Kind) -> None:
        """Note why; raises ``BadRequest`` for a purpose that is none."""
        try:
            self.purpose = _USUAL[kind] if purpose is None else Purpose(purpose)
        except ValueError:
            raise BadRequest(f"Fundwatch-Purpose must be one of {', '.join(Purpose)}") from None

    def decision(self, status: int) -> Decision:
        """What became of the request."""
        if status >= 500:
            return Decision.FAILED
        if status >= 400:
            return Decision.REFUSED
        return Decision.EMPTY if self.rows == 0 else Decision.ANSWERED


def trail_of(request: Request) -> Trail:
    """The request's trail."""
    trail: Trail = request.state.trail
    return trail
