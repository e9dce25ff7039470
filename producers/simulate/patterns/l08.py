"""L08: a licensed insurer collects premiums and pays claims and annuities to its policyholders: payees were payers."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.patterns import Label
from producers.simulate.town import BANKS, FINANCIAL, People, Town

NAME, SCHEME = "L08", False


def plant(town: Town, people: People, flows: Flows, rng: np.random.Generator, number: int) -> list[Label]:  # noqa: ARG001
    """One insurer's premium account at a bank; only licence and account type tell it from a scheme."""
    account = town.add(
        rng, institution=BANKS[int(rng.integers(len(BANKS)))], kind=FINANCIAL, licence="insurer",
        account_type="premium_collection", industry="J6812",
    )  # fmt: skip
    count = min(len(people.persons) // 4, int(rng.integers(150, 800)))
    holders = rng.choice(people.persons, count, replace=False)
    premium = rng.choice([1000, 2000, 3650, 5000, 6000, 10000, 12000], count).astype(np.float64)
    first = rng.integers(0, max(1, town.days // 2), count)
    for turn in range(0, town.days, 30):
        due = first + turn < town.days
        flows.add(
            day=first[due] + turn, ms_of_day=daytime(rng, int(due.sum())), payer=holders[due], payee=account,
            amount=yuan(premium[due] / 12 if turn else premium[due]), channel="online",
            remark=flows.remarks.draw(rng, {"保费": 7, "": 3}, int(due.sum())),
        )  # fmt: skip
    annuity = rng.random(count) < 0.35
    for turn in range(30, town.days, 30):
        due = annuity & (first + turn < town.days)
        flows.add(
            day=first[due] + turn, ms_of_day=daytime(rng, int(due.sum())), payer=account, payee=holders[due],
            amount=yuan(premium[due] * 0.02), channel="batch", remark=flows.remarks.draw(rng, {"年金": 5, "理赔款": 2, "": 2, "分红": 1}, int(due.sum())),
        )  # fmt: skip
    return [Label(account, 0, "", NAME, 0, town.days - 1)]
