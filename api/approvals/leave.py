"""How far an approval reaches: the accounts it is bound to, at institutions that its approver could approve for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from api.approvals import repository
from api.approvals.levels import may_approve
from api.auth.offices import Level, Office
from api.auth.repository import find_office
from api.auth.scope import VisibleScope
from api.ledger.sight import Account
from api.schemes.membership import shown_members
from contract.errors import NotFound
from contract.scheme import Member


@dataclass(frozen=True, slots=True)
class Leave:
    """An approval that runs, as the office that it is for may use it now."""

    office: Office
    level: Level
    accounts: frozenset[str]
    scheme_id: str | None = None

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
    return Leave(office, Level(approval.approver_level), frozenset(approval.accounts), approval.scheme_id)


def members_of(connection: Connection, leave: Leave | None, *, visible: VisibleScope) -> dict[Account, Member]:
    """The accounts that an approval of a scheme names and that the office is shown there now, flagged or not.

    None where it is of no scheme, or of one that the office sees no more, or handles no more (docs/decisions/0023).
    """
    if leave is None or leave.scheme_id is None:
        return {}
    try:
        shown = shown_members(connection, leave.scheme_id, visible=visible)
    except NotFound:
        return {}
    return {account: member for account, member in shown.items() if member.account_id in leave.accounts}
