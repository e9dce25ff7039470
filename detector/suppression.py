"""Which families do not count for whom: by verifiable attributes alone, never by what a customer wrote (regulation §2.2)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES, LICENCES
from detector.legal_scale import at_legal_scale

_FINANCIAL: Final = ("bank", "insurer", "securities", "fund", "trust", "payment", "consumer_finance")
_OFFICIAL: Final = ("public_body",)

LICENSED_FAMILIES: Final = frozenset({"structure", "payout", "amount"})
"""Collecting from many and paying them back in known amounts is a licensed institution's trade (L08–L11, L25)."""
PAYROLL_FAMILIES: Final = frozenset({"structure"})
"""A payroll account pays many from few (L01); what it collects is no wage and still counts."""


def _codes(words: tuple[str, ...], wanted: tuple[str, ...]) -> Any:
    return np.array([words.index(word) + 1 for word in wanted], np.int8)


_LICENCE_CODES: Final = _codes(LICENCES, _FINANCIAL)
_OFFICIAL_CODES: Final = _codes(LICENCES, _OFFICIAL)
_KIND_CODES: Final = _codes(HOLDER_KINDS, ("public_body", "financial", "payment"))
_PAYROLL: Final = _codes(ACCOUNT_TYPES, ("payroll",))[0]


def suppressed_families(core: Any) -> dict[str, Any]:
    """Masks of evaluation rows for which a family does not count; families that always count are absent.

    A licence suppresses, as does a public or financial holder; but money that goes back to payers at legal scale is
    covered by a financial licence alone (regulation §2.2). A collecting account type alone does not: it could be
    anybody's escrow.
    """
    licensed = np.isin(core["licence"], _LICENCE_CODES)
    official = np.isin(core["licence"], _OFFICIAL_CODES) | np.isin(core["holder_kind"], _KIND_CODES)
    masks = dict.fromkeys(LICENSED_FAMILIES, licensed | official)
    masks["payout"] = licensed | (official & ~at_legal_scale(core["credited_by_persons"], core["payers"]))
    for family in PAYROLL_FAMILIES:
        masks[family] = masks.get(family, False) | (core["account_type"] == _PAYROLL)
    return masks
