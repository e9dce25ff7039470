"""Which families do not count for whom: by verifiable attributes alone, never by what a customer wrote (regulation §2.2)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES, LICENCES
from detector.features.wages import PAYDAY_DAYS
from detector.legal_scale import at_legal_scale

FINANCIAL_LICENCES: Final = ("bank", "insurer", "securities", "fund", "trust", "payment", "consumer_finance")
_OFFICIAL: Final = ("public_body",)

LICENSED_FAMILIES: Final = frozenset({"structure", "payout", "amount"})
"""Collecting from many and paying them back in known amounts is a licensed institution's trade (L08–L11, L25)."""
LEAST_STAFF_SHARE: Final = 0.9
"""A firm that borrows from its own staff does not raise from the public (法释 2022 art. 1, look-alike L29): to be looked at,
not accused, whatever its scale. Who is staff is said by the institution's payroll batches."""
LEAST_ON_PAYDAY: Final = 3
MOST_STAFF_LENDING: Final = 0.1
LEAST_PUBLIC: Final = 15
"""So many strangers are many (regulation §2.1 F01), whatever each of them brings."""
PAYROLL_FAMILIES: Final = frozenset({"structure"})
"""A payroll account pays many from few (L01); what it collects is no wage and still counts."""


def _among(words: tuple[str, ...], wanted: tuple[str, ...]) -> Any:
    """By code (place in ``words`` plus one, 0 unknown): whether it is one of the wanted."""
    return np.array([False, *(word in wanted for word in words)])


_LICENSED: Final = _among(LICENCES, FINANCIAL_LICENCES)
_OFFICIAL_LICENCE: Final = _among(LICENCES, _OFFICIAL)
_OFFICIAL_KIND: Final = _among(HOLDER_KINDS, ("public_body", "financial", "payment"))
_A_PERSON: Final = HOLDER_KINDS.index("person") + 1
_PAYROLL: Final = _among(ACCOUNT_TYPES, ("payroll",))


def suppressed_families(core: Any) -> dict[str, Any]:
    """Masks of evaluation rows for which a family does not count; families that always count are absent.

    A licence suppresses, as does a public or financial holder; but money that goes back to payers at legal scale is
    covered by a financial licence alone (regulation §2.2). A collecting account type alone does not: it could be
    anybody's escrow.
    """
    licensed = _LICENSED[core["licence"]]
    official = _OFFICIAL_LICENCE[core["licence"]] | _OFFICIAL_KIND[core["holder_kind"]]
    masks = dict.fromkeys(LICENSED_FAMILIES, licensed | official)
    masks["payout"] = licensed | (official & ~at_legal_scale(core["credited_by_persons"], core["payers"]))
    for family in PAYROLL_FAMILIES:
        masks[family] = masks.get(family, False) | _PAYROLL[core["account_type"]]
    return masks


def may_be_staff(core: Any) -> Any:
    """Whether a firm's payers may all be its staff, for all that was seen so far.

    Wages are paid once a month. Before the shard has seen a month, a firm that is older than that has had paydays that nobody
    here saw: who is staff is not known yet, and who lends to it cannot be called the public. Once a payday has been seen of as
    many as lend, and hardly any of them do, who lends is somebody else; the managers' payday alone says nothing of the workers.
    Of an account that nobody says anything of, it is not known whether it is such a firm's.

    Nor can it be where most of them have had wages since (had_wages).
    """
    is_known = core["opened"] > 0
    old = is_known & (core["as_of"] - core["opened"] > core["seen_days"])
    enough = core["on_payroll"] >= np.maximum(core["payers"], LEAST_ON_PAYDAY)
    others = enough & (core["payers_on_payroll"] <= MOST_STAFF_LENDING * core["on_payroll"])
    first = (core["seen_days"] <= PAYDAY_DAYS) & ~others & (old | (~is_known & (core["holder_kind"] == 0)))
    return (core["holder_kind"] != _A_PERSON) & (first | had_wages(core))


def had_wages(core: Any) -> Any:
    """Whether half and more of those who brought 1,000 yuan and more did so, or had a wage, within the first month that was seen,
    and are paid wages: where no batch says what is one, they are the staff of a firm that is older.
    """
    return (core["large_staff"] > 0) & (2 * core["large_staff"] >= core["large_payers"])


def pays_others(rows: Any) -> Any:
    """Whether most whom the account paid within 90 days never paid in: a firm's staff, of whom some lend to it."""
    return 2 * rows.core["returns"] <= rows.w90["payees"]


def staff_only(core: Any) -> Any:
    """Whether nearly all who paid in are paid by the account's payroll batches; of rows, or of one row's values by name.

    Or nearly all who brought 1,000 yuan and more, where the others are no public: a canteen's guests do not make a loan of the
    staff's one of strangers.
    """
    on, large, others = core["payers_on_payroll"], core["large_payers"], core["payers"] - core["payers_on_payroll"]
    of_large = (core["large_on_payroll"] > 0) & (core["large_on_payroll"] >= LEAST_STAFF_SHARE * large) & (others < LEAST_PUBLIC)
    return (on > 0) & ((on >= LEAST_STAFF_SHARE * core["payers"]) | of_large)
