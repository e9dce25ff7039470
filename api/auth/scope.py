"""What an office may see, as a value that every query needs and one function makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from api.auth.offices import Kind, Office
from api.ledger.tracks import Track, referral_area
from contract.flag import CATEGORIES, LARGE_VALUE
from contract.movement import INSTITUTION_TYPES

_MINT: Final = object()


@dataclass(frozen=True, slots=True)
class VisibleScope:
    """What an office may see: area × institution types × categories. Only ``visible_scope`` makes one.

    ``categories`` are shown in every list; ``on_request`` only to who names the category or the flag. ``area``
    of an office that sees by referral alone is its own, which no code of the region table is. ``track`` says whose
    ledger entries the office sees; ``is_lead`` that it is a lead office, which handles or assists (Order 737 art. 20).
    """

    office_id: str
    area: str
    institution_types: frozenset[str]
    categories: frozenset[str]
    on_request: frozenset[str]
    track: Track
    is_lead: bool
    mint: object

    def __post_init__(self) -> None:
        if self.mint is not _MINT:
            raise TypeError("a VisibleScope comes from visible_scope() alone")

    @property
    def ever(self) -> frozenset[str]:
        """All categories that the office may see in any way."""
        return self.categories | self.on_request

    @property
    def supervises(self) -> bool:
        """Whether it supervises the institutions that it sees: regulators do, lead offices and the police have none."""
        return not self.is_lead and self.track is not Track.CASE


_TYPES: Final[dict[Kind, frozenset[str]]] = {
    Kind.PBOC: frozenset(INSTITUTION_TYPES),
    Kind.NFRA: frozenset({"bank", "insurance"}),
    Kind.CSRC: frozenset({"securities"}),
    # Has no institution of its own; receives account reports about all of them (Order 737 art. 13(3)).
    Kind.LEAD: frozenset(INSTITUTION_TYPES),
    Kind.POLICE: frozenset(INSTITUTION_TYPES),
}
_CATEGORIES: Final[dict[Kind, frozenset[str]]] = {
    Kind.PBOC: frozenset({"illegal_fundraising", "suspicious", LARGE_VALUE}),
    Kind.NFRA: frozenset({"illegal_fundraising"}),
    Kind.CSRC: frozenset({"illegal_fundraising"}),
    Kind.LEAD: frozenset({"illegal_fundraising"}),
    # Of what was referred to them, and nothing else.
    Kind.POLICE: frozenset({"illegal_fundraising", "suspicious"}),
}
_TRACKS: Final[dict[Kind, Track]] = {
    Kind.PBOC: Track.AML,
    Kind.NFRA: Track.JOINT,
    Kind.CSRC: Track.JOINT,
    Kind.LEAD: Track.JOINT,
    Kind.POLICE: Track.CASE,
}
_MAY_ASK: Final = frozenset({Kind.PBOC, Kind.NFRA, Kind.CSRC})
"""Kinds that see ``observe`` when they ask for it (contract §5)."""


def visible_scope(office: Office) -> VisibleScope:
    """What ``office`` may see by default (contract §5, regulation.md §5.1–5.3).

    The police see accounts of a referral only; without one, nothing.
    """
    return VisibleScope(
        office_id=office.office_id,
        area=referral_area(office.office_id) if office.kind is Kind.POLICE else office.region,
        institution_types=_TYPES[office.kind],
        categories=_CATEGORIES[office.kind],
        on_request=frozenset({CATEGORIES[0]}) if office.kind in _MAY_ASK else frozenset(),
        track=_TRACKS[office.kind],
        is_lead=office.kind is Kind.LEAD,
        mint=_MINT,
    )
