"""The members of a scheme that an office is shown: what an approval of the scheme's accounts may name."""

from __future__ import annotations

from sqlalchemy import Connection

from api.auth.scope import VisibleScope
from api.ledger.sight import Account
from api.ledger.sights import Sight, sights
from api.schemes import repository
from contract.scheme import Member


def shown_members(connection: Connection, scheme_id: str, *, visible: VisibleScope) -> dict[Account, Member]:
    """By institution and account, as ``view.shown`` shows them; raises ``NotFound`` for a scheme absent or unseen.

    All of them to the lead office that handles it, its own to a regulator, and none to an office that assists.
    """
    row, _ = repository.get(connection, scheme_id, visible=visible)
    seen = repository.members(connection, [scheme_id], visible=visible)[scheme_id]
    sight = sights(connection, [scheme_id], visible=visible)[scheme_id]
    members = {(one.institution_code, one.account_id): one for one in row.scheme.members}
    if sight is Sight.WHOLE:
        return members
    return {account: one for account, one in members.items() if sight is Sight.PART and account in seen}
