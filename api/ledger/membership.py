"""Which scheme an account belongs to, and that scheme's id beside the account's flags."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from api.ledger.sight import Account
from api.tables import FLAGS, SCHEME_SIGHT, SCHEMES
from contract.regions import NATION

_CHUNK: Final = 500
_NO_SCHEME: Final = {"scheme": None, "of_category": None}


@dataclass(frozen=True, slots=True)
class Membership:
    """The scheme that an account is told with, and the scheme's category."""

    scheme_id: str
    category: str


def schemes_of(connection: Connection, accounts: Iterable[Account]) -> dict[Account, Membership]:
    """The scheme of each account that has one: an open one before a closed one, then the one that moved last.

    So a scheme that was merged into another gives its members to it, whatever came first.
    """
    wanted = set(accounts)
    names = sorted({account for _, account in wanted})
    best: dict[Account, tuple[tuple[bool, int, str], Membership]] = {}
    columns = (SCHEME_SIGHT.c.institution_code, SCHEME_SIGHT.c.account_id, SCHEMES.c.scheme_id, SCHEMES.c.category)
    joined = SCHEME_SIGHT.join(SCHEMES, SCHEMES.c.scheme_id == SCHEME_SIGHT.c.scheme_id)
    # Every member has a row for the whole country.
    base = select(*columns, SCHEMES.c.status, SCHEMES.c.updated_ms).select_from(joined)
    base = base.where(SCHEME_SIGHT.c.area == NATION, SCHEME_SIGHT.c.is_current)
    for start in range(0, len(names), _CHUNK):
        for row in connection.execute(base.where(SCHEME_SIGHT.c.account_id.in_(names[start : start + _CHUNK]))):
            account = (row.institution_code, row.account_id)
            rank = (row.status == "open", row.updated_ms, row.scheme_id)
            if account in wanted and (account not in best or rank > best[account][0]):
                best[account] = (rank, Membership(row.scheme_id, row.category))
    return {account: found for account, (_, found) in best.items()}


def show(connection: Connection, accounts: Collection[Account]) -> None:
    """Write each account's scheme, or that it has none, beside its flags."""
    if not accounts:
        return
    found = schemes_of(connection, accounts)
    rows = []
    for code, account in sorted(accounts):
        one = found.get((code, account))
        scheme = _NO_SCHEME if one is None else {"scheme": one.scheme_id, "of_category": one.category}
        rows.append({"code": code, "account": account, **scheme})
    mine = (FLAGS.c.institution_code == bindparam("code"), FLAGS.c.account_id == bindparam("account"))
    beside = update(FLAGS).where(*mine).values(scheme_id=bindparam("scheme"), scheme_category=bindparam("of_category"))
    connection.execute(beside, rows)
