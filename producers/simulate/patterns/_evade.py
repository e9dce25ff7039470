"""How schemes hide: each evasion by its name, which stands in the scheme's id."""

from __future__ import annotations

from typing import Final

import numpy as np

EVASIONS: Final = {
    "jittered": "amounts off any unit",
    "irregular": "payouts at irregular times and rates",
    "wordless": "no remarks",
    "misleading": "remarks of ordinary business",
    "rotating": "several accounts in turn",
    "elsewhere": "payouts from another person's account at another bank",
    "ownaccount": "payouts from another account of the holder",
    "trade": "genuine trade on the same account",
    "cash": "most money comes in cash",
    "mules": "few payers an account, passed on",
}

EXCLUSIVE: Final = (("wordless", "misleading"), ("rotating", "mules"), ("elsewhere", "ownaccount"))
"""Of each pair a scheme has one at most."""

MISLEADING: Final = {"货款": 30, "": 20, "还款": 10, "房租": 8, "劳务费": 6, "材料款": 8, "生活费": 8, "转账": 10}


def chosen(rng: np.random.Generator, share: float, may: frozenset[str]) -> frozenset[str]:
    """None with chance 1 − ``share``; else one to three of ``may``.

    >>> chosen(np.random.default_rng(1), 0.0, frozenset(EVASIONS))
    frozenset()
    """
    if not may or rng.random() >= share:
        return frozenset()
    picked: list[str] = []
    for name in rng.permutation(sorted(may))[: int(rng.integers(1, 4))].tolist():
        if not any(name in pair and other in pair for pair in EXCLUSIVE for other in picked):
            picked.append(name)
    return frozenset(picked)
