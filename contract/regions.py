"""Regions: GB/T 2260 codes, those abolished since 2000 and the statistical park codes, and what lies in what.

The table is ``data/regions.csv``; where it comes from and how it was made stands in ``docs/decisions/0030-regions.md``.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

NATION: Final = "000000"
"""Code of an office of the whole country; no account has it."""
_DIRECT: Final = "90"
"""Third and fourth digit of county-level units that stand directly under a province (419001, 429004, 659001)."""


@functools.cache
def _names() -> dict[str, str]:
    text = (files("contract") / "data" / "regions.csv").read_text("utf-8")
    return dict(line.split(",", 1) for line in text.splitlines()[1:])


@functools.cache
def _known() -> pa.Array:
    return pa.array(sorted(_names()), pa.string())


def is_region(column: pa.Array) -> pa.BooleanArray:
    """Which values of a string column are codes of the table; nulls are not."""
    return pc.is_in(column, value_set=_known())


def name(code: str) -> str | None:
    """Chinese name of a code, ``None`` for one that is not in the table."""
    return _names().get(code)


@functools.cache
def parents(code: str) -> tuple[str, ...]:
    """What a code lies in, nearest first, the nation last; empty for an unknown code.

    >>> parents("341371"), parents("419001"), parents("999999")
    (('341300', '340000', '000000'), ('410000', '000000'), ())
    """
    if code not in _names():
        return ()
    city, province = f"{code[:4]}00", f"{code[:2]}0000"
    found = []
    if code[2:4] != _DIRECT and city not in (code, province) and city in _names():
        found.append(city)
    if province != code:
        found.append(province)
    return (*found, NATION)


def covers(area: str, code: str) -> bool:
    """Whether ``code`` is ``area`` or lies in it, by the table, not by prefixes.

    >>> covers("341300", "341371"), covers("341300", "134130"), covers("410000", "419001"), covers("419000", "419001")
    (True, False, True, False)
    """
    return code in _names() and (area == code or area in parents(code))


def all_within(area: str) -> frozenset[str]:
    """All codes that ``area`` covers."""
    return frozenset(code for code in _names() if covers(area, code))
