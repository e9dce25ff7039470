"""P07: a mutual-aid society takes savings of hundreds of households and pays them with interest (Xiangshui case)."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows
from producers.simulate.patterns import Label
from producers.simulate.patterns._scheme import collector, elderly, joined, pay_in, pay_out, spend
from producers.simulate.town import People, Town

NAME, SCHEME = "P07", True
_IN = {"": 45, "股金": 10, "入股": 6, "转账": 20, "存款": 8, "合作款": 6, "化肥款": 5}
_OUT = {"": 45, "本息": 8, "分红": 10, "转账": 25, "还款": 7, "粮款": 5}


def plant(town: Town, people: People, flows: Flows, rng: np.random.Generator, number: int) -> list[Label]:
    """One society: 80 to 400 households, thousands each, terms of one to three months."""
    account = collector(town, rng, company=True)
    payers = elderly(town, people, rng, int(rng.integers(80, 400)))
    start = int(rng.integers(0, max(1, town.days // 5)))
    deposits = joined(
        rng, payers, start, max(14, int(town.days * 0.7)), int(rng.choice([1000, 5000])), int(rng.integers(10, 40)), jitter=0.1
    )
    pay_in(flows, rng, account, deposits, _IN)
    every = int(rng.choice([15, 30]))
    pay_out(
        town, flows, rng, account, deposits, rate=float(rng.choice([0.006, 0.008, 0.01])) * every / 30, every=every,
        term=every * int(rng.integers(1, 4)), words=_OUT, irregular=0.2,
    )  # fmt: skip
    spend(town, people, flows, rng, account, deposits, float(rng.uniform(0.2, 0.5)))
    return [Label(account, 1, f"{NAME}-{number}", NAME, start, town.days - 1)]
