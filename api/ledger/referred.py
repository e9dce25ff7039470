"""The offices' own areas that accounts were referred into, by themselves or with their scheme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from api.ledger.sight import Account
from api.ledger.tracks import REFERRED, Track
from api.tables import ENTRIES, ENTRY_AREAS, SCHEME_SIGHT

_CHUNK: Final = 500


def areas(connection: Connection, accounts: Iterable[Account]) -> dict[Account, list[str]]:
    """Areas by account, where there are any. Who has left a scheme that was referred stays referred."""
    wanted = set(accounts)
    names = sorted({account for _, account in wanted})
    found = _of_entries(connection, names)
    columns = (SCHEME_SIGHT.c.institution_code, SCHEME_SIGHT.c.account_id, SCHEME_SIGHT.c.area)
    base = select(*columns).where(SCHEME_SIGHT.c.area.startswith(REFERRED))
    for start in range(0, len(names), _CHUNK):
        for row in connection.execute(base.where(SCHEME_SIGHT.c.account_id.in_(names[start : start + _CHUNK]))):
            found.setdefault((row.institution_code, row.account_id), set()).add(row.area)
    return {account: sorted(found[account]) for account in wanted if account in found}


def of_scheme(connection: Connection, scheme_id: str) -> set[str]:
    """Areas that a scheme was referred into as a whole."""
    return _of_entries(connection, [scheme_id]).get(("", scheme_id), set())


def _of_entries(connection: Connection, names: list[str]) -> dict[Account, set[str]]:
    join = ENTRIES.join(ENTRY_AREAS, ENTRY_AREAS.c.entry_id == ENTRIES.c.entry_id)
    found: dict[Account, set[str]] = {}
    for start in range(0, len(names), _CHUNK):
        statement = select(ENTRIES.c.institution_code, ENTRIES.c.account_id, ENTRY_AREAS.c.area).select_from(join)
        mine = ENTRIES.c.account_id.in_(names[start : start + _CHUNK])
        for row in connection.execute(statement.where(mine, ENTRIES.c.track == Track.CASE.value)):
            found.setdefault((row.institution_code, row.account_id), set()).add(row.area)
    return found
