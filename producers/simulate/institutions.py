"""The city's reporting institutions, and which optional fields the systems of each know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from producers.simulate.drawing import Urn


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
    gives_agent: bool
    gives_device: bool
    gives_terminal: bool
    knows_links: bool
    text_is_purpose: bool


INSTITUTIONS: Final = (
    # code, kind, weight, then: customer, balance, channel, other institution; kind, region, ages; agent, device, terminal, links;
    # whether what customers write is given as purpose instead of remark
    Institution("C1010234001", "bank", 0.36, True, True, True, True, True, True, True, True, True, True, True, False),
    Institution("C1030134001", "bank", 0.28, True, False, True, True, True, True, True, True, False, True, True, False),
    Institution("C1095834013", "bank", 0.21, True, True, True, False, True, False, True, False, False, True, True, True),
    Institution("C1443234001", "bank", 0.15, False, False, False, True, False, True, False, True, False, False, False, False),
    Institution("Z2003434000", "payment", 0.0, True, True, True, False, True, False, False, False, True, True, False, False),
    Institution("Z2014111000", "payment", 0.0, False, False, True, False, True, True, False, False, False, True, False, False),
    Institution("S1005734000", "securities", 0.0, True, True, True, True, True, False, False, False, True, False, True, False),
    Institution("I1000134000", "insurance", 0.0, True, False, True, True, True, True, True, True, False, False, True, False),
    Institution("C9000011000", "elsewhere", 0.0, True, True, True, True, True, True, True, True, True, True, True, False),
)
"""The last one stands for all banks that do not report here: of their accounts only the other side is seen."""


def of_kind(kind: str) -> tuple[int, ...]:
    """Numbers of the institutions of one type.

    >>> [INSTITUTIONS[k].code for k in of_kind("payment")]
    ['Z2003434000', 'Z2014111000']
    """
    return tuple(k for k, one in enumerate(INSTITUTIONS) if one.kind == kind)


BANKS: Final = of_kind("bank")
"""Only banks hold current accounts; ``weight`` is a bank's share of them."""

ELSEWHERE: Final = of_kind("elsewhere")[0]

_BANK: Final = Urn({k: INSTITUTIONS[k].weight for k in BANKS})


def some_bank(rng: np.random.Generator) -> int:
    """A bank drawn by its share of the city's accounts."""
    return _BANK.draw(rng)
