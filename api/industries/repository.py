"""Industries of accounts in the database, and which accounts have yet to be asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, tuple_, union

from api.ledger.inserting import insert_rows
from api.ledger.sight import Account
from api.tables import ENTRIES, INDUSTRIES, SCHEME_SIGHT

_CHUNK = 400


def division(code: str) -> str:
    """The two digits of a GB/T 4754 code (大类), with or without its letter; the code itself where it has no two.

    >>> division("K7010"), division("7010"), division("K"), division("A01")
    ('70', '70', 'K', '01')
    """
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")
    return digits[:2] if len(digits) >= 2 else code


def wanted(connection: Connection, *, asked_before_ms: int, most: int, without: Collection[str] = ()) -> list[Account]:
    """Accounts of entries and of schemes' members that were never asked for, or not since ``asked_before_ms``.

    In order of their institutions, those ``without`` left out.
    """
    own = select(ENTRIES.c.institution_code, ENTRIES.c.account_id).where(ENTRIES.c.institution_code != "")
    members = select(SCHEME_SIGHT.c.institution_code, SCHEME_SIGHT.c.account_id)
    found = union(own, members).subquery()
    known: Any = INDUSTRIES.c
    joined = found.outerjoin(
        INDUSTRIES, and_(known.institution_code == found.c.institution_code, known.account_id == found.c.account_id)
    )
    statement = select(found.c.institution_code, found.c.account_id).select_from(joined)
    statement = statement.where(or_(known.asked_ms.is_(None), known.asked_ms < asked_before_ms))
    statement = statement.where(found.c.institution_code.not_in(sorted(without)))
    return [(row[0], row[1]) for row in connection.execute(statement.order_by(*found.c).limit(most))]


def keep(connection: Connection, found: Sequence[tuple[Account, str | None]], *, now_ms: int) -> None:
    """Note the code of each account, None where nobody says one, in the caller's write transaction."""
    for start in range(0, len(found), _CHUNK):
        accounts = [account for account, _ in found[start : start + _CHUNK]]
        connection.execute(delete(INDUSTRIES).where(tuple_(INDUSTRIES.c.institution_code, INDUSTRIES.c.account_id).in_(accounts)))
    rows = [
        {
            "institution_code": institution,
            "account_id": account,
            "division": None if code is None else division(code),
            "asked_ms": now_ms,
        }
        for (institution, account), code in found
    ]
    insert_rows(connection, INDUSTRIES, rows)
