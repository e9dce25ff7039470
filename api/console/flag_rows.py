"""Flags as templates read them, wherever a page lists some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from api.flags.repository import FlagRow
from contract import flag as flags
from contract.flag import Flag

_ORDER: Final = ("illegal_fundraising", "suspicious", "observe", "large_value")


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A flag as a template reads it."""

    flag: Flag
    ledger_status: str
    scheme_id: str | None


def shown(row: FlagRow) -> ShownFlag:
    """The row with its document read."""
    return ShownFlag(flags.decode(row.document), row.ledger_status, row.scheme_id)


def in_order(categories: frozenset[str]) -> list[str]:
    """Categories, gravest first."""
    return [name for name in _ORDER if name in categories]
