"""P09: an early scheme, no payouts yet: 18 to 40 payers within ten working days, one unit price."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows
from producers.simulate.patterns import Label
from producers.simulate.patterns._scheme import collector, elderly, joined, pay_in, spend
from producers.simulate.town import People, Town

NAME, SCHEME = "P09", True
_IN = {"": 35, "投资款": 15, "认购": 10, "入股": 10, "转账": 20, "项目款": 10}


def plant(town: Town, people: People, flows: Flows, rng: np.random.Generator, number: int) -> list[Label]:
    """One early scheme."""
    account = collector(town, rng, company=bool(rng.random() < 0.5))
    start = int(rng.integers(0, max(1, town.days - 16)))
    payers = elderly(town, people, rng, int(rng.integers(18, 41)))
    deposits = joined(rng, payers, start, 13, int(rng.choice([5000, 10000, 20000])), 4, jitter=float(rng.uniform(0, 0.1)))
    pay_in(flows, rng, account, deposits, _IN)
    spend(town, people, flows, rng, account, deposits, float(rng.uniform(0.0, 0.3)))
    return [Label(account, 1, f"{NAME}-{number}", NAME, start, min(town.days - 1, start + 55))]
