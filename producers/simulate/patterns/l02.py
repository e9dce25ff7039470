"""L02: a property manager collects fees of hundreds of households and pays wages, power and contractors."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.patterns import Label
from producers.simulate.town import BANKS, COMPANY, People, Town

NAME, SCHEME = "L02", False


def plant(town: Town, people: People, flows: Flows, rng: np.random.Generator, number: int) -> list[Label]:  # noqa: ARG001
    """One community: 200 to 2,000 households, area times price, a few refunds of overpaid fees."""
    account = town.add(rng, institution=BANKS[int(rng.integers(len(BANKS)))], kind=COMPANY, industry="K7020")
    homes = rng.choice(
        people.persons, int(rng.integers(200, 2001)) if len(people.persons) > 6000 else len(people.persons) // 4, replace=False
    )
    fee = np.round(rng.uniform(60, 150, len(homes)) * rng.choice([1.2, 1.8, 2.4, 3.1]) * rng.choice([3, 12]), 2)
    day = rng.integers(0, town.days, len(homes))
    flows.add(
        day=day, ms_of_day=daytime(rng, len(homes)), payer=homes, payee=account, amount=yuan(fee),
        remark=flows.remarks.draw(rng, {"物业费": 7, "": 3}, len(homes)),
    )  # fmt: skip
    refund = rng.random(len(homes)) < 0.015
    flows.add(
        day=day[refund] + 3, ms_of_day=daytime(rng, int(refund.sum())), payer=account, payee=homes[refund],
        amount=yuan(fee[refund]), remark=flows.remarks.code("退款"),
    )  # fmt: skip
    staff = rng.choice(people.employed, min(25, len(people.employed)), replace=False)
    for start in range(int(rng.integers(8, 14)), town.days, 30):
        flows.add(
            day=start, ms_of_day=36_000_000, payer=account, payee=staff, amount=yuan(rng.uniform(2500, 6000, len(staff))),
            channel="batch", batch="payroll", remark=flows.remarks.code("工资"),
        )  # fmt: skip
        suppliers = np.append(rng.choice(people.companies, 3), people.utility)
        flows.add(
            day=start + 2, ms_of_day=daytime(rng, 4), payer=account, payee=suppliers, amount=yuan(rng.uniform(3000, 60000, 4)),
            channel="online", remark=flows.remarks.code("服务费"),
        )  # fmt: skip
    return [Label(account, 0, "", NAME, 0, town.days - 1)]
