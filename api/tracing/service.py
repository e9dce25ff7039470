"""Reading the movements of a scheme's accounts under an approval, and following the money through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from api.accounts import repository
from api.accounts.service import Inquiries
from api.approvals.leave import leave_of, members_of
from api.archive.history import HISTORY, Period
from api.auth.scope import VisibleScope
from api.schemes.service import Schemes
from api.tracing.following import traced
from api.tracing.legs import Book, book_of
from api.tracing.outcome import Traced
from api.tracing.parties import Circle, Member
from api.tracing.purses import Rule
from contract.errors import Forbidden, Unprocessable

MOST_MOVEMENTS: Final = 200_000
"""Movements that one answer follows, of all accounts together."""
_NOT_APPROVED: Final = "Fundwatch-Approval: an approval of your office that runs and reaches accounts of this scheme is needed"
_TOO_MANY: Final = f"until: more than {MOST_MOVEMENTS:,} movements; an earlier time asks for fewer"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one member: its book, and the times (epoch ms) of its first and last movement; None if it was not."""

    book: Book
    movements: int
    first_ms: int | None
    last_ms: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A scheme as the office sees it, what was read of each member (None: not asked for), and what came of it.

    One account by itself is a scheme of one member without an id.
    """

    scheme: dict[str, Any]
    readings: list[Reading | None]
    traced: Traced

    @property
    def accounts(self) -> list[str]:
        """The accounts whose movements were read."""
        members = self.scheme["members"]
        return [one["account_id"] for one, reading in zip(members, self.readings, strict=True) if reading is not None]

    @property
    def movements(self) -> int:
        """How many movements were read."""
        return sum(one.movements for one in self.readings if one is not None)


@dataclass(frozen=True, slots=True)
class Tracing:
    """Follows the money of schemes for one office at a time."""

    schemes: Schemes
    inquiries: Inquiries

    def trace(self, scheme_id: str, *, rule: Rule, until_ms: int | None, approval: str | None, visible: VisibleScope) -> Answer:
        """Follow the money through the members that the approval reaches: it is of this scheme, or the office sees a flag.

        Of the other members nothing is read: what goes to them is told as gone to a member. Raises ``NotFound`` for a scheme
        that is absent or unseen, ``Forbidden`` where the approval reaches none of its accounts.
        """
        scheme, _ = self.schemes.get(scheme_id, visible=visible)
        members = [Member(one["institution_code"], one["account_id"], one["customer_id"]) for one in scheme["members"]]
        leave = self._leave(members, approval, visible)
        if not any(leave):
            raise Forbidden(_NOT_APPROVED)
        readings = self._readings(members, leave, until_ms)
        books = [None if one is None else one.book for one in readings]
        return Answer(scheme, readings, traced(books, rule))

    def trace_account(
        self,
        account_id: str,
        *,
        institution_code: str | None,
        rule: Rule,
        until_ms: int | None,
        approval: str | None,
        visible: VisibleScope,
    ) -> Answer:
        """Follow the money through one account, whether or not it is of a scheme; refused as its movements are."""
        code, customer = self.inquiries.leave(account_id, institution_code, approval, visible)
        period = Period(None, until_ms)
        table = self.inquiries.movements(code, account_id, customer, period, MOST_MOVEMENTS + 1, 0)
        return single(Member(code, account_id, customer), table, rule)

    def _leave(self, members: list[Member], approval: str | None, visible: VisibleScope) -> list[bool]:
        inquiries = self.inquiries
        accounts = sorted({one.account_id for one in members})
        with inquiries.database.reading() as connection:
            leave = leave_of(connection, approval, office_id=visible.office_id, now_ms=inquiries.clock_ms())
            by_flags = leave is None or leave.scheme_id is None
            seen = repository.seen_of(connection, accounts, visible=visible) if by_flags else {}
            of_scheme = members_of(connection, leave, visible=visible)
        for account, one in of_scheme.items():
            seen[account] = seen.get(account, frozenset()) | {one.institution_type}
        types = [seen.get((one.institution_code, one.account_id)) for one in members]
        return [
            leave is not None and at is not None and leave.reaches(one.account_id, at)
            for one, at in zip(members, types, strict=True)
        ]

    def _readings(self, members: list[Member], leave: list[bool], until_ms: int | None) -> list[Reading | None]:
        circle, left = Circle(members), MOST_MOVEMENTS
        readings: list[Reading | None] = []
        for place, (member, is_open) in enumerate(zip(members, leave, strict=True)):
            if not is_open:
                readings.append(None)
                continue
            table = self.inquiries.movements(*member, Period(None, until_ms), left + 1, 0)
            left -= table.num_rows
            if left < 0:
                raise Unprocessable(_TOO_MANY)
            readings.append(_reading(table, place, circle))
        return readings


def single(member: Member, table: pa.Table, rule: Rule) -> Answer:
    """Follow the money through one account whose movements (schema ``HISTORY``) were read."""
    if table.num_rows > MOST_MOVEMENTS:
        raise Unprocessable(_TOO_MANY)
    reading = _reading(table, 0, Circle([member]))
    alone = {"scheme_id": None, "members": [member._asdict() | {"roles": []}]}
    return Answer(alone, [reading], traced([reading.book], rule))


def _reading(table: pa.Table, place: int, circle: Circle) -> Reading:
    times = pc.min_max(table["occurred_at"].cast(pa.int64())).as_py()
    return Reading(book_of(table.select(HISTORY.names), place, circle), table.num_rows, times["min"], times["max"])
