"""How an account's measures stand among those of other flagged accounts that the office sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.auth.scope import VisibleScope
from api.flags import repository
from api.flags.filters import Page
from contract import flag as flags
from contract.flag import Flag

MOST: Final = 300
"""The newest flags of the same category that are looked at."""
LEAST: Final = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """One measure: the account's own value, the middle of its peers', and the share of peers that lie below it."""

    name: str
    own: float
    middle: float
    below: float


@dataclass(frozen=True, slots=True)
class Peers:
    """The comparison; empty where fewer than ``LEAST`` peers are seen."""

    number: int
    standings: list[Standing]


def peers_of(connection: Connection, flag: Flag, *, visible: VisibleScope) -> Peers:
    """Compare with accounts of the same category and kind of holder in the office's area."""
    asked = Page(category=[flag.category], sort="-updated_at")  # type: ignore[list-item]
    found = repository.page_of(connection, asked, after=None, limit=MOST, visible=visible)
    others = [flags.decode(row.document) for row in found if row.account_id != flag.account_id]
    alike = [one for one in others if one.holder_kind == flag.holder_kind]
    if len(alike) < LEAST:
        return Peers(len(alike), [])
    standings = []
    for name, value in flag.measures.items():
        values = sorted(x for one in alike if (x := _number(one.measures.get(name))) is not None)
        own = _number(value)
        if own is not None and len(values) >= LEAST:
            standings.append(Standing(name, own, values[len(values) // 2], sum(x < own for x in values) / len(values)))
    return Peers(len(alike), standings)


def _number(value: float | str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None
