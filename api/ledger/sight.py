"""Who sees a scheme: the areas and institution types of its members, as rows and as one word a ledger entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from api.areas import areas_of
from api.tables import SCHEME_PAYERS, SCHEME_SIGHT
from contract.movement import INSTITUTION_TYPES
from contract.regions import NATION
from contract.scheme import Member, Scheme

Account = tuple[str, str]
"""Institution code and account."""
_LETTERS: Final = {name: name[0] for name in sorted(INSTITUTION_TYPES)}
_MARKS: Final = {
    "*" + "".join(_LETTERS[name] for name in some): frozenset(some)
    for size in range(1, len(_LETTERS) + 1)
    for some in combinations(_LETTERS, size)
}
"""Every set of institution types as one word, so that a scheme's entry is one row an area and an office's list one range."""


PAYERS_ALONE: Final = "*"
"""The word of no type at all: an area with ten of a scheme's payers and no member. Lead offices there assist."""


def mark(types: Iterable[str]) -> str:
    """The word for a set of institution types.

    >>> mark(["payment", "bank"])
    '*bp'
    """
    return "*" + "".join(_LETTERS[name] for name in sorted(set(types)))


def with_marks(types: Collection[str]) -> list[str]:
    """These types and every mark that holds one of them: what a row may say to be of interest for them.

    >>> len(with_marks(["bank"])), len(with_marks(["bank", "securities", "insurance", "payment"]))
    (9, 19)
    """
    return sorted({*types, *(word for word, some in _MARKS.items() if some & set(types))})


def is_of(word: str, types: Collection[str]) -> bool:
    """Whether an entry's type, or one of a scheme's types, is among ``types``."""
    return bool(_MARKS.get(word, frozenset({word})) & set(types))


def areas_of_member(member: Member) -> set[str]:
    """The areas that an account's branch and holder lie in."""
    subject = () if member.subject_region is None else areas_of(member.subject_region)
    return {*areas_of(member.branch_region), *subject}


def marks_by_area(scheme: Scheme) -> dict[str, str]:
    """For each area, which types of institution hold a member there, or that payers alone are."""
    found: dict[str, set[str]] = {one.region: set() for one in scheme.payer_regions or ()}
    for member in scheme.members:
        for area in areas_of_member(member):
            found.setdefault(area, set()).add(member.institution_type)
    return {area: mark(types) for area, types in sorted(found.items())}


def place(connection: Connection, scheme: Scheme, referred: Mapping[Account, Collection[str]]) -> set[Account]:
    """Write a scheme's rows anew; who has left stays and is not current. Returns everybody, those who left as well."""
    mine = SCHEME_SIGHT.c.scheme_id == scheme.scheme_id
    former = [dict(row._mapping) | {"is_current": False} for row in connection.execute(select(SCHEME_SIGHT).where(mine))]  # noqa: SLF001
    rows: dict[tuple[str, str, str], dict[str, Any]] = {_key(row): row for row in former}
    for member in scheme.members:
        account = (member.institution_code, member.account_id)
        for area in {*areas_of_member(member), *referred.get(account, ())}:
            row = {
                "scheme_id": scheme.scheme_id,
                "area": area,
                "institution_code": member.institution_code,
                "account_id": member.account_id,
                "institution_type": member.institution_type,
                "is_current": True,
            }
            rows[_key(row)] = row
    connection.execute(delete(SCHEME_SIGHT).where(mine))
    if rows:
        connection.execute(insert(SCHEME_SIGHT), list(rows.values()))
    _place_payers(connection, scheme)
    return {(row["institution_code"], row["account_id"]) for row in rows.values()}


def _place_payers(connection: Connection, scheme: Scheme) -> None:
    connection.execute(delete(SCHEME_PAYERS).where(SCHEME_PAYERS.c.scheme_id == scheme.scheme_id))
    if scheme.payer_regions:
        rows = [{"scheme_id": scheme.scheme_id, "area": one.region} for one in scheme.payer_regions]
        connection.execute(insert(SCHEME_PAYERS), rows)


def refer(connection: Connection, area: str, *, scheme_id: str | None = None, account: Account | None = None) -> None:
    """Let an area see a whole scheme, or one account in whatever schemes it is."""
    wanted = [SCHEME_SIGHT.c.area == NATION]
    if scheme_id is not None:
        wanted.append(SCHEME_SIGHT.c.scheme_id == scheme_id)
    if account is not None:
        wanted += [SCHEME_SIGHT.c.institution_code == account[0], SCHEME_SIGHT.c.account_id == account[1]]
    members = [dict(row._mapping) | {"area": area} for row in connection.execute(select(SCHEME_SIGHT).where(*wanted))]  # noqa: SLF001
    there = {
        (row.scheme_id, row.area, row.institution_code, row.account_id)
        for row in connection.execute(select(SCHEME_SIGHT).where(SCHEME_SIGHT.c.area == area))
    }
    missing = [row for row in members if (row["scheme_id"], *_key(row)) not in there]
    if missing:
        connection.execute(insert(SCHEME_SIGHT), missing)


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["area"], row["institution_code"], row["account_id"]
