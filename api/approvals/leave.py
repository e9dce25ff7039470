"""How far an approval reaches: the accounts it is bound to, at institutions that its approver could approve for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from api.approvals import repository
from api.approvals.levels import may_approve
from api.auth.offices import Level, Office
from api.auth.repository import find_office


@dataclass(frozen=True, slots=True)
class Leave:
    """An approval that runs, as the office that it is for may use it now."""

    office: Office
    level: Level
    accounts: frozenset[str]

    def reaches(self, account_id: str, institution_types: AbstractSet[str]) -> bool:
        """Whether it names the account and its approver could have approved for institutions of these types.

        An approval names pseudonyms. Another institution may come to know one later, of a kind that it could not have been
        recorded for: a bank's account, and afterwards an insurer's (regulation.md §5.3).
        """
        return account_id in self.accounts and may_approve(self.level, self.office, frozenset(institution_types))


def leave_of(connection: Connection, approval_id: str | None, *, office_id: str, now_ms: int) -> Leave | None:
    """The leave that an approval gives; None where it is not this office's or does not run."""
    approval = repository.running_one(connection, approval_id or "", office_id=office_id, now_ms=now_ms)
    office = find_office(connection, office_id)
    if approval is None or office is None:
        return None
    return Leave(office, Level(approval.approver_level), frozenset(approval.accounts))
