"""Reading an account's movements: visible first, approved second, and only then out of the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
import pyarrow as pa

from api.accounts import repository
from api.accounts.movements import MOST_FLOWS
from api.approvals.leave import leave_of, members_of
from api.archive.history import History, Period
from api.auth.scope import VisibleScope
from api.auth.sealing import Sealer
from api.auth.secret import ServerSecret
from api.database import Database
from contract.errors import ArchiveUnavailable, BadRequest, Forbidden, LedgerUnavailable, NotFound, Unprocessable
from contract.flag import Flag
from contract.scheme import Member

_NOT_APPROVED: Final = "Fundwatch-Approval: an approval of your office that runs and names this account is needed"

_TOO_LOW: Final = "Fundwatch-Approval: its approver's level is too low for accounts at this institution"


class Place(msgspec.Struct, frozen=True, array_like=True):
    """How far a list of movements was read: up to a time, and so many at that very time."""

    at_ms: int
    number: int


@dataclass(frozen=True, slots=True)
class Inquiries:
    """Movements of accounts, for offices that were given leave; ``history`` None where there is no archive."""

    database: Database
    secret: ServerSecret
    history: History | None
    clock_ms: Callable[[], int]

    def page(
        self,
        account_id: str,
        *,
        institution_code: str | None,
        approval: str | None,
        period: Period,
        limit: int,
        cursor: str | None,
        visible: VisibleScope,
    ) -> tuple[pa.Table, str | None]:
        """Movements by time and the cursor of what follows; late ones that belong before it do not move it."""
        code, customer = self.leave(account_id, institution_code, approval, visible)
        sealer, context = Sealer(self.secret, "movements-cursor"), f"{visible.office_id}\n{account_id}\n{code}\n{period}"
        place = None if cursor is None else _read(sealer.open(cursor, context=context))
        since = period if place is None else Period(place.at_ms, period.until_ms)
        skip = 0 if place is None else place.number
        found = self.movements(code, account_id, customer, since, limit + 1, skip)
        if found.num_rows <= limit:
            return found, None
        shown = found.slice(0, limit)
        return shown, sealer.seal(msgspec.msgpack.encode(_after(shown, place)), context=context)

    def everything(
        self, account_id: str, *, institution_code: str | None, approval: str | None, period: Period, visible: VisibleScope
    ) -> pa.Table:
        """The movements of a period, one more than ``MOST_FLOWS`` at most."""
        code, customer = self.leave(account_id, institution_code, approval, visible)
        return self.movements(code, account_id, customer, period, MOST_FLOWS + 1, 0)

    def movements(self, code: str, account_id: str, customer: str | None, period: Period, most: int, skip: int) -> pa.Table:
        """Movements out of the archive, of an account that the caller has leave for; raises ``LedgerUnavailable``."""
        if self.history is None:
            raise LedgerUnavailable("this server was started without --archive")
        try:
            return self.history.movements(code, account_id, customer=customer, period=period, most=most, skip=skip)
        except ArchiveUnavailable as error:
            raise LedgerUnavailable("the archive cannot be read") from error

    def leave(
        self, account_id: str, institution_code: str | None, approval: str | None, visible: VisibleScope
    ) -> tuple[str, str | None]:
        """The institution and holder to ask for; an account that is unseen is as absent.

        Seen is what the office sees a flag of, and a member of a scheme that its approval names and it is shown there.
        """
        with self.database.reading() as connection:
            flags = repository.seen_flags(connection, account_id, visible=visible)
            leave = leave_of(connection, approval, office_id=visible.office_id, now_ms=self.clock_ms())
            members = members_of(connection, leave, visible=visible)
        found: list[Flag | Member] = [one for one in members.values() if one.account_id == account_id]
        if not found and not flags:
            raise NotFound("no such account")
        # An approval of a scheme opens what its office is shown there, and nothing once another one handles it.
        found += [seen.flag for seen in flags] if leave is None or leave.scheme_id is None else []
        if leave is None or account_id not in leave.accounts or not found:
            raise Forbidden(_NOT_APPROVED)
        holders = {one.institution_code: one.customer_id for one in found}
        if institution_code is None and len(holders) > 1:
            raise Unprocessable("institution_code: more than one institution knows this pseudonym")
        code = institution_code or next(iter(holders))
        if code not in holders:
            raise Unprocessable("institution_code: not one that this account is seen at")
        types = {one.institution_type for one in found if one.institution_code == code}
        if not leave.reaches(account_id, types):
            raise Forbidden(_TOO_LOW)
        return code, holders[code]


def _after(shown: pa.Table, before: Place | None) -> Place:
    times = shown["occurred_at"].cast(pa.int64()).to_pylist()
    last = times[-1]
    number = times.count(last)
    if before is not None and before.at_ms == last:
        number += before.number
    return Place(last, number)


def _read(plain: bytes | None) -> Place:
    if plain is None:
        raise BadRequest("cursor: not one of this list")
    return msgspec.msgpack.decode(plain, type=Place)
