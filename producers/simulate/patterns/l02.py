"""L02: a property manager collects fees of hundreds of households and pays wages, power and contractors."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L02", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """One community: 200 to 2,000 households, area times price, a few refunds of overpaid fees."""
    people, flows, rng = scene.people, scene.flows, scene.rng
    account = _alike.account_of(scene, kind=COMPANY, industry="K7020")
    count = min(int(200 * 10 ** rng.uniform(0, 1)), len(people.persons) // 4)
    homes = rng.choice(people.persons, count, replace=False)
    price = rng.choice([1.2, 1.8, 2.4, 2.8]) * rng.choice([3, 12])
    fee = np.round(rng.uniform(60, 150, count) * price, 2)
    day = rng.integers(0, scene.town.days, count)
    flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=homes, payee=account, amount=yuan(fee),
        remark=flows.remarks.draw(rng, {"物业费": 7, "": 3}, count),
    )  # fmt: skip
    refund = rng.random(count) < 0.015
    flows.add(
        day=day[refund] + 3, ms_of_day=daytime(rng, int(refund.sum())), payer=account, payee=homes[refund], channel="online",
        amount=yuan(fee[refund]), remark=flows.remarks.code("退款"),
    )  # fmt: skip
    _costs(scene, account)
    return _alike.label(scene, account, NAME)


def _costs(scene: Scene, account: int) -> None:
    """Wages by payroll batch, power, contractors and tax, each month."""
    people, flows, rng = scene.people, scene.flows, scene.rng
    staff = rng.choice(people.employed, min(25, len(people.employed)), replace=False)
    wage = rng.uniform(2500, 6000, len(staff))
    contractors = rng.choice(people.companies, 3)
    for start in range(int(rng.integers(8, 14)), scene.town.days, 30):
        flows.add(
            day=start, ms_of_day=36_000_000 + rng.integers(0, 60_000, len(staff)), payer=account, payee=staff, amount=yuan(wage),
            channel="batch", batch="payroll", remark=flows.remarks.code("工资"),
        )  # fmt: skip
        flows.add(
            day=start + 2, ms_of_day=daytime(rng, 4), payer=account, payee=np.append(contractors, people.utility),
            amount=yuan(rng.uniform(3000, 60000, 4)), channel="online", remark=flows.remarks.code("服务费"),
        )  # fmt: skip
        flows.add(
            day=start + 4, ms_of_day=daytime(rng, 1), payer=account, payee=people.treasury, amount=yuan(rng.uniform(500, 9000)),
            kind="tax", channel="batch", remark=flows.remarks.code("税款"),
        )  # fmt: skip
