"""Approvals in the database, each bound to its office and accounts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, insert, select

from api.tables import APPROVALS, APPROVED_ACCOUNTS


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """An approval as it was recorded."""

    approval_id: str
    purpose: str
    reference: str
    approver: str
    approver_level: str
    investigators: list[str]
    accounts: list[str]
    recorded_by: str
    created_at: str
    expires_at: str
    scheme_id: str | None = None
    """The scheme whose members the accounts are; None where they are accounts that the office sees a flag of."""


def add(connection: Connection, approval: Approval, *, office_id: str, created_ms: int, expires_ms: int) -> None:
    """Keep an approval."""
    connection.execute(
        insert(APPROVALS).values(
            approval_id=approval.approval_id,
            office_id=office_id,
            created_ms=created_ms,
            expires_ms=expires_ms,
            document=msgspec.json.encode(approval),
        )
    )
    rows = [{"approval_id": approval.approval_id, "account_id": account} for account in approval.accounts]
    connection.execute(insert(APPROVED_ACCOUNTS), rows)


def running_one(connection: Connection, approval_id: str, *, office_id: str, now_ms: int) -> Approval | None:
    """The approval of this id, where it is this office's and runs."""
    mine = (APPROVALS.c.approval_id == approval_id, APPROVALS.c.office_id == office_id, APPROVALS.c.expires_ms > now_ms)
    row = connection.execute(select(APPROVALS.c.document).where(*mine)).one_or_none()
    return None if row is None else msgspec.json.decode(bytes(row.document), type=Approval)


def of_office(connection: Connection, office_id: str, *, most: int) -> Sequence[bytes]:
    """The office's approvals as they were recorded, newest first."""
    statement = select(APPROVALS.c.document).where(APPROVALS.c.office_id == office_id)
    order = statement.order_by(APPROVALS.c.created_ms.desc(), APPROVALS.c.approval_id.desc()).limit(most)
    return [bytes(row.document) for row in connection.execute(order)]


def running(connection: Connection, accounts: Sequence[str], *, office_id: str, now_ms: int) -> list[Approval]:
    """The office's approvals that run and name one of the accounts, newest first."""
    statement = (
        select(APPROVALS.c.document)
        .where(
            APPROVALS.c.office_id == office_id,
            APPROVALS.c.expires_ms > now_ms,
            APPROVALS.c.approval_id.in_(
                select(APPROVED_ACCOUNTS.c.approval_id).where(APPROVED_ACCOUNTS.c.account_id.in_(accounts))
            ),
        )
        .order_by(APPROVALS.c.created_ms.desc())
    )
    return [msgspec.json.decode(bytes(row.document), type=Approval) for row in connection.execute(statement)]
