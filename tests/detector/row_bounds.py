"""What counterparties can say of an account at most, by its own figures: what screens rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from detector.features.layout import (
    MOST_NOTED,
    PAIR_TEXT_FUND,
    PAIR_TEXT_IN,
    PAIR_TEXT_OUT,
    PAIR_TEXT_P2P,
    PAIR_TEXT_POLICY,
    PAIR_TEXT_STRONG,
    SCHEDULE_SLOTS,
)
from detector.findings import EvaluationRows

SPOKEN = {
    "text_in_payers": PAIR_TEXT_IN,
    "text_strong_payers": PAIR_TEXT_STRONG,
    "text_p2p_payers": PAIR_TEXT_P2P,
    "text_fund_payers": PAIR_TEXT_FUND,
    "text_policy_payers": PAIR_TEXT_POLICY,
}


def bounds_of(rows: EvaluationRows) -> Iterator[tuple[str, Any]]:
    """Fields of counterparties, and what they can be at most by the account's own figures and its windows."""
    core, w30, w90 = rows.core, rows.w30, rows.w90
    for name, bit in SPOKEN.items():
        yield name, np.where(core["spoken"] & bit, w90["payers"], 0)
    yield "text_out_payees", np.where(core["spoken"] & PAIR_TEXT_OUT, w90["payees"], 0)
    described = np.where(core["described"] < MOST_NOTED, core["described"], w90["payers"])
    for name in ("known_ages", "known_occupations"):
        yield name, np.minimum(w90["payers"], described)
    for name in ("elderly", "students"):
        yield name, core["known_ages" if name == "elderly" else "known_occupations"]
    yield "known_regions", w30["payers"]
    yield "cities", np.where(core["away"] < MOST_NOTED, core["away"].astype(np.int64) + 1, w30["payers"])
    yield "cities", core["known_regions"]
    for name in ("periodic", "ratios", "ratios_on_lattice", "returns", "returned_twice", "returned_oftener", "at_one_rate"):
        yield name, w90["returnees"]
    yield "rebated", core["ratios"]
    yield "due_served", core["due_money"]
    yield "deposits", w30["new_payers"]
    for name in (
        "deposits_large",
        "deposits_round",
        "deposit_days",
        "deposit_kinds",
        "deposit_mode",
        "deposits_back",
        "deposits_served",
    ):
        yield name, core["deposits"]
    yield "deposit_money_back", core["deposit_money"]
    yield "price_fits", core["price_known"]
    yield "price_known", np.minimum(w30["payers"], w30["at_marks"][:, 0])
    yield "level_payouts", core["level_known"]
    yield "level_known", SCHEDULE_SLOTS * w90["returnees"]
    yield "level_payees", w90["returnees"]
    yield "level_several", core["level_payees"]
    yield "both_sides", np.minimum(w90["payers"], w90["payees"])
    for name in ("paid_to_returnees", "paid_to_payers"):
        yield name, np.where(w90["returnees"] > 0, core["paid_to_walked"], 0)
