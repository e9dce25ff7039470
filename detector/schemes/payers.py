"""Where a scheme's payers are, as far as institutions said it: counties, cities and provinces with ten of them and more."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from contract.money import minor_to_text
from contract.regions import NATION, parents
from contract.scheme import PayerRegion
from detector.schemes.union import Union

LEAST_PAYERS_OF_REGION: Final = 10
"""Payers from which a region is affected (regulation §5.2)."""


def located(union: Union) -> int:
    """Payers of a known region."""
    return int((union.payer & (union.region > 0)).sum())


def payer_regions(union: Union) -> list[PayerRegion]:
    """Affected areas by code. A payer has one region and counts in it and in what that lies in, so no area counts twice."""
    known = union.payer & (union.region > 0)
    codes, place = np.unique(union.region[known], return_inverse=True)
    counts = np.bincount(place, minlength=len(codes)).tolist()
    money = np.bincount(place, union.paid_in[known], minlength=len(codes)).astype(np.int64).tolist()
    payers: Counter[str] = Counter()
    absorbed: Counter[str] = Counter()
    for number, count, paid in zip(codes.tolist(), counts, money, strict=True):
        code = f"{number:06d}"
        for area in (code, *(parent for parent in parents(code) if parent != NATION)):
            payers[area] += count
            absorbed[area] += paid
    return [
        PayerRegion(region=area, payers=count, absorbed=minor_to_text(absorbed[area]))
        for area, count in sorted(payers.items())
        if count >= LEAST_PAYERS_OF_REGION
    ]
