"""The kinds of office that exist, and on which levels (regulation.md §5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.areas import is_area
from contract.errors import ConfigurationError
from contract.regions import NATION


class Kind(StrEnum):
    """What an office is."""

    PBOC = "pboc"
    NFRA = "nfra"
    CSRC = "csrc"
    LEAD = "lead"
    POLICE = "police"


class Level(StrEnum):
    """How high an office stands, by the area that it is for."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


LEVELS: Final[dict[Kind, frozenset[Level]]] = {
    # County sub-branches were abolished in August 2023, their work went to the city.
    Kind.PBOC: frozenset({Level.NATION, Level.PROVINCE, Level.CITY}),
    Kind.NFRA: frozenset(Level),
    # The securities regulator has offices in provinces only.
    Kind.CSRC: frozenset({Level.NATION, Level.PROVINCE}),
    Kind.LEAD: frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY}),
    Kind.POLICE: frozenset(Level),
}


@dataclass(frozen=True, slots=True)
class Office:
    """A body that queries: its kind and the one area (code of the region table, 000000 for the country) it is for."""

    office_id: str
    kind: Kind
    region: str
    name: str

    @property
    def level(self) -> Level:
        """The level that the area's code stands for."""
        return level_of(self.region)


def level_of(region: str) -> Level:
    """Level of an area's code.

    A unit directly under a province (419001) has no city above it and counts as a county.

    >>> level_of("000000"), level_of("340000"), level_of("341300"), level_of("341302")
    (<Level.NATION: 'nation'>, <Level.PROVINCE: 'province'>, <Level.CITY: 'city'>, <Level.COUNTY: 'county'>)
    """
    if region == NATION:
        return Level.NATION
    if region.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if region.endswith("00") else Level.COUNTY


def check_office(office: Office) -> None:
    """Raise ``ConfigurationError`` for an office that does not exist in the law or an area that is not in the table."""
    if not is_area(office.region):
        raise ConfigurationError("--region is no code of the region table (000000 is the whole country)")
    if office.level not in LEVELS[office.kind]:
        allowed = ", ".join(level for level in Level if level in LEVELS[office.kind])
        raise ConfigurationError(f"--kind {office.kind} has offices of these levels only: {allowed}")
