"""Which families do not count for whom: by verifiable attributes alone, never by what a customer wrote (regulation §2.2)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES, LICENCES

_FINANCIAL: Final = ("bank", "insurer", "securities", "fund", "trust", "payment", "consumer_finance")
_OFFICIAL: Final = ("public_body",)
_COLLECTING_ACCOUNTS: Final = ("escrow", "fund_collection", "settlement", "securities_cash", "premium_collection")

LICENSED_FAMILIES: Final = frozenset({"structure", "payout", "amount"})
"""Collecting from many and paying them back in known amounts is a licensed institution's trade (L08–L11, L25)."""
PAYROLL_FAMILIES: Final = frozenset({"structure"})
"""A payroll account pays many from few (L01); what it collects is no wage and still counts."""


def _codes(words: tuple[str, ...], wanted: tuple[str, ...]) -> Any:
    return np.array([words.index(word) + 1 for word in wanted], np.int8)


_LICENCE_CODES: Final = _codes(LICENCES, _FINANCIAL + _OFFICIAL)
_KIND_CODES: Final = _codes(HOLDER_KINDS, ("public_body", "financial", "payment"))
_TYPE_CODES: Final = _codes(ACCOUNT_TYPES, _COLLECTING_ACCOUNTS)
_PAYROLL: Final = _codes(ACCOUNT_TYPES, ("payroll",))[0]


def suppressed(family: str, core: Any) -> Any:
    """Mask of evaluation rows for which a family does not count.

    A licence suppresses, as does a public or financial holder. A collecting account type does so only together with
    one of them: the account type alone could belong to anybody's escrow.
    """
    licensed = np.isin(core["licence"], _LICENCE_CODES) | np.isin(core["holder_kind"], _KIND_CODES)
    mask = np.zeros(len(core), np.bool_)
    if family in LICENSED_FAMILIES:
        mask |= licensed
    if family in PAYROLL_FAMILIES:
        mask |= core["account_type"] == _PAYROLL
    return mask
