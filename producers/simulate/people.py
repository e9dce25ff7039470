"""Who lives in the city, as life and patterns find them: account numbers by what their holders are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class People:
    """Account numbers by what their holders are, for life and patterns to choose from.

    ``liveliness`` (mean about 1) says how much each of ``persons`` does; a few do very much. ``age`` and ``family`` go with
    ``persons``: years, and a number that those who live together share. ``employer`` goes with ``employed``. ``found`` are
    accounts of those whom an office has found before: the watch list.
    """

    persons: Any
    liveliness: Any
    age: Any
    family: Any
    employed: Any
    employer: Any
    retired: Any
    farmers: Any
    students: Any
    parents: Any
    companies: Any
    shops: Any
    landlords: Any
    outsiders: Any
    abroad: Any
    firms_outside: Any
    second: list[tuple[int, int]]
    firms_second: list[tuple[int, int]]
    investors: list[tuple[int, int]]
    insured: list[tuple[int, int]]
    foreign: list[tuple[int, int]]
    utility: int
    treasury: int
    school: int
    hospital: int
    payment: list[int]
    fund: int
    lender: int
    organisers: set[int] = field(default_factory=set)
    found: list[int] = field(default_factory=list)
