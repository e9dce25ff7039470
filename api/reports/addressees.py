"""To whom an account report goes: the local offices that Order 737 art. 13(3) names, found by area and supervision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection

from api.auth import repository as offices
from api.auth.offices import Kind, Level, Office
from api.auth.scope import visible_scope
from contract import regions
from contract.errors import Unprocessable
from contract.flag import Flag

WRITES: Final = frozenset({Kind.PBOC, Kind.NFRA, Kind.CSRC, Kind.LEAD})
"""Kinds of office that such a report is for, and that draft one; the police get referrals."""
_NEAREST: Final = {Level.COUNTY: 0, Level.CITY: 1, Level.PROVINCE: 2, Level.NATION: 3}


def usual(connection: Connection, flag: Flag, *, author: str) -> list[str]:
    """Of each kind the nearest office that may see the account, but the author's own kind: it knows already.

    The lead office is the one of the subject's region (art. 20), the regulators' that of the branch.
    """
    everybody = [office for office, _ in offices.all_offices(connection) if office.kind in WRITES]
    own = next((office.kind for office in everybody if office.office_id == author), None)
    found = []
    for kind in (Kind.PBOC, Kind.NFRA, Kind.CSRC, Kind.LEAD):
        place = flag.subject_region or flag.branch_region if kind is Kind.LEAD else flag.branch_region
        near = [office for office in everybody if office.kind is kind and _is_for(office, flag, place)]
        if near and kind is not own:
            found.append(min(near, key=lambda office: (_NEAREST[office.level], office.office_id)).office_id)
    return found


def checked(connection: Connection, wanted: Sequence[str], flag: Flag, *, author: str) -> list[str]:
    """Offices that somebody named; raises ``Unprocessable`` where one may not see the account, or is the author."""
    known = {office.office_id: office for office, _ in offices.all_offices(connection) if office.kind in WRITES}
    places = {flag.branch_region, flag.subject_region or flag.branch_region}
    for office_id in wanted:
        office = known.get(office_id)
        if office is None or office_id == author or not _sees(office, flag, places):
            raise Unprocessable("addressees: not offices that this report can go to")
    return list(dict.fromkeys(wanted))


def _sees(office: Office, flag: Flag, places: Iterable[str]) -> bool:
    return any(_is_for(office, flag, place) for place in places)


def _is_for(office: Office, flag: Flag, place: str) -> bool:
    in_area = office.region == regions.NATION or regions.covers(office.region, place)
    return in_area and flag.institution_type in visible_scope(office).institution_types
