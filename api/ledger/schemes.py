"""How schemes are stored: idempotent by (scheme, revision), the newest revision as a row, every one as history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from api.ledger import membership, referred, scheme_taking, sight
from api.ledger.deadlines import Deadlines
from api.ledger.referral import show_flags
from api.ledger.sight import Account
from api.tables import LEDGER, SCHEME_REVISIONS, SCHEME_TYPOLOGIES, SCHEMES
from contract import scheme as contract
from contract.scheme import Scheme
from contract.shanghai import parse_ms

_CHUNK: Final = 500


def store(connection: Connection, batch: Sequence[Scheme], *, now_ms: int, deadlines: Deadlines) -> int:
    """Store a batch inside the caller's write transaction and return how many revisions were new.

    As with flags, revisions that are known already change nothing, and an older one joins the history alone. Whoever
    is a member gets the scheme's id beside the account's flags, whichever of the two came first.
    """
    fresh = _fresh(connection, batch)
    if not fresh:
        return 0
    position = int(connection.execute(select(LEDGER.c.position).with_for_update()).scalar_one())
    placed = [(position + step, scheme) for step, scheme in enumerate(fresh, start=1)]
    connection.execute(update(LEDGER).values(position=position + len(placed)))
    connection.execute(insert(SCHEME_REVISIONS), [_revision_row(at, scheme) for at, scheme in placed])
    known = _known(connection, {scheme.scheme_id for scheme in fresh})
    newest: dict[str, tuple[int, Scheme]] = {}
    advancing = []
    for at, scheme in placed:
        if scheme.revision > known.get(scheme.scheme_id, 0):
            known[scheme.scheme_id] = scheme.revision
            newest[scheme.scheme_id] = (at, scheme)
            advancing.append(scheme)
    _replace(connection, list(newest.values()))
    scheme_taking.take(connection, advancing, now_ms=now_ms, deadlines=deadlines)
    return len(fresh)


def _fresh(connection: Connection, batch: Sequence[Scheme]) -> list[Scheme]:
    by_key: dict[tuple[str, int], Scheme] = {}
    for scheme in batch:
        by_key.setdefault((scheme.scheme_id, scheme.revision), scheme)
    wanted = sorted({scheme_id for scheme_id, _ in by_key})
    known: set[tuple[str, int]] = set()
    for start in range(0, len(wanted), _CHUNK):
        mine = SCHEME_REVISIONS.c.scheme_id.in_(wanted[start : start + _CHUNK])
        found = connection.execute(select(SCHEME_REVISIONS.c.scheme_id, SCHEME_REVISIONS.c.revision).where(mine))
        known.update((row.scheme_id, row.revision) for row in found)
    return [scheme for key, scheme in by_key.items() if key not in known]


def _known(connection: Connection, scheme_ids: Iterable[str]) -> dict[str, int]:
    wanted = sorted(scheme_ids)
    known: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        mine = SCHEMES.c.scheme_id.in_(wanted[start : start + _CHUNK])
        known.update(
            (row.scheme_id, row.revision)
            for row in connection.execute(select(SCHEMES.c.scheme_id, SCHEMES.c.revision).where(mine))
        )
    return known


def _replace(connection: Connection, placed: Sequence[tuple[int, Scheme]]) -> None:
    there = _known(connection, {scheme.scheme_id for _, scheme in placed})
    moved: set[Account] = set()
    for at, scheme in placed:
        row = _row(at, scheme)
        if scheme.scheme_id in there:
            connection.execute(update(SCHEMES).where(SCHEMES.c.scheme_id == bindparam("of")), row | {"of": scheme.scheme_id})
        else:
            connection.execute(insert(SCHEMES), row | {"scheme_id": scheme.scheme_id})
        connection.execute(delete(SCHEME_TYPOLOGIES).where(SCHEME_TYPOLOGIES.c.scheme_id == scheme.scheme_id))
        if typologies := _typology_rows(scheme):
            connection.execute(insert(SCHEME_TYPOLOGIES), typologies)
        moved |= sight.place(connection, scheme, _referred(connection, scheme))
    membership.show(connection, moved)
    for _, scheme in placed:
        for area in sorted(referred.of_scheme(connection, scheme.scheme_id)):
            for member in scheme.members:
                show_flags(connection, (member.institution_code, member.account_id), area)


def _referred(connection: Connection, scheme: Scheme) -> dict[Account, set[str]]:
    """Areas that members were referred into, alone or with the whole scheme."""
    accounts = [(member.institution_code, member.account_id) for member in scheme.members]
    whole = referred.of_scheme(connection, scheme.scheme_id)
    own = referred.areas(connection, accounts)
    return {account: {*whole, *own.get(account, ())} for account in accounts}


def _revision_row(position: int, scheme: Scheme) -> dict[str, Any]:
    return {
        "scheme_id": scheme.scheme_id,
        "revision": scheme.revision,
        "position": position,
        "category": scheme.category,
        "updated_ms": parse_ms(scheme.updated_at),
        "document": contract.encode(scheme),
    }


def _row(position: int, scheme: Scheme) -> dict[str, Any]:
    return {
        "revision": scheme.revision,
        "position": position,
        "status": scheme.status,
        "category": scheme.category,
        "severity": scheme.severity,
        "stage": scheme.stage,
        "score_tenths": round(scheme.score * 10),
        "updated_ms": parse_ms(scheme.updated_at),
        "lead_region": scheme.lead_region,
        "merged_into": scheme.merged_into,
        "document": contract.encode(scheme),
    }


def _typology_rows(scheme: Scheme) -> list[dict[str, str]]:
    names = sorted({finding.typology for finding in scheme.findings})
    return [{"scheme_id": scheme.scheme_id, "typology": name, "name": name.partition("@")[0]} for name in names]
