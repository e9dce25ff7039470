"""Counterparty pairs read from outside the loops: both sides of each, whichever of them its own record holds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.layout import NEVER, SIDE_IN

COUNTERPARTY: Final = np.dtype(
    [
        ("key", "u8"),
        ("account", "i4"),
        ("region", "i4"),
        ("birth_year", "i2"),
        ("kind", "i1"),
        ("bits", "u1"),
        ("occupation", "i1"),
        ("credits", "i4"),
        ("debits", "i4"),
        ("first_in_ms", "i8"),
        ("last_in_ms", "i8"),
        ("first_out_ms", "i8"),
        ("last_out_ms", "i8"),
        ("paid_in", "i8"),
        ("paid_out", "i8"),
        ("first_credit", "i8"),
        ("last_credit", "i8"),
        ("last_debit", "i8"),
    ]
)
_ABOUT: Final = ("key", "account", "region", "birth_year", "kind", "bits", "occupation")
_IN: Final = {
    "credits": "count",
    "first_in_ms": "first_ms",
    "last_in_ms": "last_ms",
    "paid_in": "paid",
    "first_credit": "first",
    "last_credit": "last",
}
_OUT: Final = {"debits": "count", "first_out_ms": "first_ms", "last_out_ms": "last_ms", "paid_out": "paid", "last_debit": "last"}


def counterparties(memory: Any, at: Any) -> Any:
    """The pairs at these places (integers of one dimension) as COUNTERPARTY records, copied.

    A side that never was has no movements, its first time is NEVER and its last one -NEVER.
    """
    pairs = memory.pairs[at]
    told = np.zeros(len(pairs), COUNTERPARTY)
    told["first_in_ms"] = told["first_out_ms"] = NEVER
    told["last_in_ms"] = told["last_out_ms"] = -NEVER
    for name in _ABOUT:
        told[name] = pairs[name]
    began_in = pairs["side"] == SIDE_IN
    two = pairs["other"] >= 0
    others = memory.sides[pairs["other"][two]]
    for fields, own in ((_IN, began_in), (_OUT, ~began_in)):
        for name, field in fields.items():
            told[name][own] = pairs[field][own]
            second = told[name][two]
            second[~own[two]] = others[field][~own[two]]
            told[name][two] = second
    return told
