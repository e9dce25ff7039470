"""The areas that a code lies in, through the region table and never by a code's first digits."""

from __future__ import annotations

import functools

from contract import regions


def areas_of(code: str) -> tuple[str, ...]:
    """The code itself, every area above it, and the country.

    >>> areas_of("341371")
    ('341371', '341300', '340000', '000000')
    """
    return tuple(dict.fromkeys((code, *regions.parents(code), regions.NATION)))


def is_area(code: str) -> bool:
    """Whether ``code`` stands in the region table, or is the country."""
    return code == regions.NATION or regions.name(code) is not None


@functools.cache
def children_of(area: str) -> tuple[str, ...]:
    """The areas directly below one, by code.

    >>> children_of("341300")[-3:], children_of("341302"), children_of("000000")[0]
    (('341324', '341371', '341372'), (), '110000')
    """
    return tuple(code for code in sorted(regions.all_within(area)) if code != area and regions.parents(code)[0] == area)
