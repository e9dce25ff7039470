"""The city's reporting institutions, and which optional fields the systems of each know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from producers.simulate.drawing import Urn

REGIONS: Final = {
    "341302": 30, "341321": 14, "341322": 14, "341323": 12, "341324": 12, "341371": 3, "341372": 5, "340102": 6, "341202": 4,
}  # fmt: skip
"""Branch regions by their shares: 宿州 with its two park codes, and some branches in 合肥 and 阜阳."""


@dataclass(frozen=True, slots=True)
class Institution:
    """A reporting institution. What its systems know depends on it alone, never on what an account does."""

    code: str
    kind: str
    weight: float
    gives_customer: bool
    gives_balance: bool
    gives_channel: bool
    names_other_institution: bool
    knows_kind: bool
    knows_region: bool
    knows_ages: bool


INSTITUTIONS: Final = (
    #           code           kind         weight customer balance channel other  kind  region ages
    Institution("C1010234001", "bank", 0.36, True, True, True, True, True, True, True),
    Institution("C1030134001", "bank", 0.28, True, False, True, True, True, True, True),
    Institution("C1095834013", "bank", 0.21, True, True, True, False, True, False, True),
    Institution("C1443234001", "bank", 0.15, False, False, False, True, False, True, False),
    Institution("Z2003434000", "payment", 0.0, True, True, True, False, True, False, False),
    Institution("Z2014111000", "payment", 0.0, False, False, True, False, True, True, False),
    Institution("S1005734000", "securities", 0.0, True, True, True, True, True, False, False),
    Institution("I1000134000", "insurance", 0.0, True, False, True, True, True, True, True),
)


def of_kind(kind: str) -> tuple[int, ...]:
    """Numbers of the institutions of one type.

    >>> [INSTITUTIONS[k].code for k in of_kind("payment")]
    ['Z2003434000', 'Z2014111000']
    """
    return tuple(k for k, one in enumerate(INSTITUTIONS) if one.kind == kind)


BANKS: Final = of_kind("bank")
"""Only banks hold current accounts; ``weight`` is a bank's share of them."""

_BANK: Final = Urn({k: INSTITUTIONS[k].weight for k in BANKS})


def some_bank(rng: np.random.Generator) -> int:
    """A bank drawn by its share of the city's accounts."""
    return _BANK.draw(rng)
