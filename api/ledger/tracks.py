"""The tracks of the risk ledger: whose row of an account is whose (docs/decisions/0012)."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from enum import StrEnum
from typing import Any, Final

from api.tables import FLAGS


class Track(StrEnum):
    """Offices that work on one row of an account together, and see nobody else's."""

    AML = "aml"
    """The central bank: what it reports to the monitoring centre leaves its unit nowhere (AML Law art. 7)."""
    JOINT = "joint"
    """Regulators and lead offices: prevention of illegal fund-raising (Order 737)."""
    CASE = "case"
    """The police: accounts that were referred to them."""


OPENED_BY: Final[dict[str, tuple[Track, ...]]] = {
    "illegal_fundraising": (Track.AML, Track.JOINT),
    "suspicious": (Track.AML,),
}
"""Which rows a flag's category opens. ``observe`` is for looking at, ``large_value`` a report with its own date."""

STATUS_COLUMN: Final[dict[Track, Any]] = {
    Track.AML: FLAGS.c.ledger_status,
    Track.JOINT: FLAGS.c.joint_status,
    Track.CASE: FLAGS.c.case_status,
}


def entry_id(track: Track, institution_code: str, account_id: str) -> str:
    """The entry's id: the same whatever happened before, so that a flag delivered twice opens nothing twice.

    For a scheme: no institution, and the scheme's id.
    """
    digest = hashlib.sha256(f"{track}|{institution_code}|{account_id}".encode()).digest()
    return b32encode(digest).decode()[:26]


REFERRED: Final = "@"
"""What an area of referral begins with, and no code of the region table."""


def referral_area(office_id: str) -> str:
    """The area that holds what was referred to an office."""
    return REFERRED + office_id
