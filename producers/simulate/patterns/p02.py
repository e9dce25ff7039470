"""P02: a person takes deposits in multiples of 500 from the elderly and pays fixed interest (a reviewed STR case)."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows
from producers.simulate.patterns import Label
from producers.simulate.patterns._scheme import collector, elderly, joined, pay_in, pay_out, spend
from producers.simulate.town import People, Town

NAME, SCHEME = "P02", True
_IN = {"": 40, "复投": 10, "投资款": 6, "借款": 8, "转账": 20, "还款": 6, "理财": 5, "货款": 3}
_OUT = {"": 45, "利息": 15, "转账": 25, "还款": 10, "收益": 5}


def plant(town: Town, people: People, flows: Flows, rng: np.random.Generator, number: int) -> list[Label]:
    """One scheme: 30 to 300 payers, monthly or shorter terms."""
    account = collector(town, rng, company=False)
    start = int(rng.integers(0, max(1, int(town.days * 0.45))))
    payers = elderly(town, people, rng, int(rng.integers(30, 300)))
    span = int(rng.integers(max(12, town.days // 3), max(14, town.days - start)))
    deposits = joined(
        rng,
        payers,
        start,
        span,
        int(rng.choice([500, 1000, 2500])),
        int(rng.integers(10, 60)),
        jitter=float(rng.uniform(0, 0.15)),
    )
    pay_in(flows, rng, account, deposits, _IN)
    every = int(rng.choice([7, 10, 15, 30]))
    pay_out(
        town, flows, rng, account, deposits, rate=float(rng.choice([0.01, 0.0125, 0.015, 0.0175, 0.02])) * every / 30, every=every,
        term=every * int(rng.integers(2, 6)), words=_OUT, irregular=float(rng.uniform(0, 0.3)),
    )  # fmt: skip
    spend(town, people, flows, rng, account, deposits, float(rng.uniform(0.15, 0.5)))
    return [Label(account, 1, f"{NAME}-{number}", NAME, start, town.days - 1)]
