"""L01: payroll accounts, many employees paid at once each month; nobody ever paid in."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows, yuan
from producers.simulate.patterns import Label
from producers.simulate.town import BANKS, COMPANY, People, Town

NAME, SCHEME = "L01", False


def plant(town: Town, people: People, flows: Flows, rng: np.random.Generator, number: int) -> list[Label]:  # noqa: ARG001
    """One employer's payroll account, filled from its main account the day before."""
    main = int(rng.choice(people.companies))
    account = town.add(
        rng, institution=BANKS[int(rng.integers(len(BANKS)))], kind=COMPANY, account_type="payroll", industry="C3670"
    )
    staff = rng.choice(people.persons, int(rng.integers(30, min(300, len(people.persons) // 3))), replace=False)
    wage = np.clip(rng.lognormal(8.5, 0.4, len(staff)), 2000, 40000)
    for day in range(int(rng.integers(5, 16)), town.days, 30):
        pay = yuan(wage * rng.normal(1.0, 0.04, len(staff)))
        flows.add(day=day - 1, ms_of_day=57_600_000, payer=main, payee=account, amount=int(pay.sum()), channel="online")
        flows.add(
            day=day, ms_of_day=36_000_000 + rng.integers(0, 300_000), payer=account, payee=staff, amount=pay, channel="batch",
            batch="payroll", remark=flows.remarks.code("工资"),
        )  # fmt: skip
    return [Label(account, 0, "", NAME, 0, town.days - 1)]
