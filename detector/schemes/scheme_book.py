"""The open schemes between days: what must survive of each, and of the flags that its members have by it alone."""

from __future__ import annotations

from typing import Final

import msgspec

from contract.flag import Finding

AccountKey = tuple[str, str]
"""Institution code and account id."""
HISTORY_DAYS: Final = 31


class OpenMemberFlag(msgspec.Struct):
    """A member flag's state between revisions."""

    flag_id: str
    revision: int
    opened_at: str
    category: int
    severity: str | None
    typologies: list[str]
    measures: dict[str, int | float | str | None]


class Membership(msgspec.Struct):
    """Since when an account belongs, when it last took part, and what it does."""

    since: int
    taking_part_on: int
    roles: list[str]


class Day(msgspec.Struct, array_like=True):
    """Cumulative figures at a day's end, in minor units."""

    day: int
    absorbed: int
    returned: int
    payers: int
    loss: int


class OpenScheme(msgspec.Struct):
    """An open scheme's state between revisions."""

    scheme_id: str
    revision: int
    opened_on: int
    category: int
    severity: str | None
    stage: str
    findings: list[Finding]
    found_on: int
    """Day on which it was last found with anything new told of a member."""
    members: dict[AccountKey, Membership]
    history: list[Day] = []
    told: bytes = b""
    """Digest of the totals told last."""
    flags: dict[AccountKey, OpenMemberFlag] = {}


class SchemeBook(msgspec.Struct):
    """All open schemes by id, and the ids that are used up."""

    open: dict[str, OpenScheme] = {}
    used: dict[str, int] = {}
