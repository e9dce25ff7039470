"""Who has to approve that an office looks into an account (regulation.md §5.3)."""

from __future__ import annotations

from typing import Final

from api.auth.offices import Kind, Level, Office

_HEIGHT: Final = {Level.NATION: 3, Level.PROVINCE: 2, Level.CITY: 1, Level.COUNTY: 0}
_LOWEST: Final[dict[Kind, Level]] = {
    # The head of the central bank or of a branch of a city with districts (AML Law art. 43).
    Kind.PBOC: Level.CITY,
    # The national regulator or its provincial office (银监法 art. 41): a city office cannot approve by itself.
    Kind.NFRA: Level.PROVINCE,
    Kind.CSRC: Level.PROVINCE,
    # The principal officer of the lead department (Order 737 art. 21(4)).
    Kind.LEAD: Level.COUNTY,
    Kind.POLICE: Level.COUNTY,
}
_LOWEST_FOR_INSURERS: Final[dict[Kind, Level]] = {Kind.NFRA: Level.NATION}
"""保险法 art. 154(6): the head of the State Council's insurance regulator."""
MOST_DAYS: Final = 30
"""An approval ends after so many days at the latest."""
LEAST_INVESTIGATORS: Final = 2
"""Order 737 art. 21(4) and AML Law art. 43: two at least."""


def may_approve(level: Level, office: Office, institution_types: frozenset[str]) -> bool:
    """Whether an approver of this level can approve for ``office`` to look into accounts at such institutions.

    >>> city = Office("x", Kind.NFRA, "341300", "x")
    >>> may_approve(Level.CITY, city, frozenset({"bank"})), may_approve(Level.PROVINCE, city, frozenset({"bank"}))
    (False, True)
    >>> may_approve(Level.PROVINCE, city, frozenset({"bank", "insurance"}))
    False
    """
    lowest = _LOWEST[office.kind]
    if "insurance" in institution_types:
        lowest = _LOWEST_FOR_INSURERS.get(office.kind, lowest)
    return _HEIGHT[level] >= max(_HEIGHT[lowest], _HEIGHT[office.level])
