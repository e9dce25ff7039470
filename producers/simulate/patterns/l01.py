"""L01: payroll accounts, many employees paid at once each month; nobody ever paid in."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L01", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """One employer's payroll account, filled from its main account the day before."""
    town, people, flows, rng = scene.town, scene.people, scene.flows, scene.rng
    main = int(rng.choice(people.companies))
    account = _alike.account_of(scene, kind=COMPANY, account_type="payroll", industry=town.industry[main])
    staff = rng.choice(people.persons, min(int(30 * 30 ** rng.uniform(0, 1)), len(people.persons) // 3), replace=False)
    wage = np.clip(rng.lognormal(8.5, 0.4, len(staff)), 2000, 40000)
    for day in range(int(rng.integers(5, 16)), town.days, 30):
        pay = yuan(wage * rng.normal(1.0, 0.04, len(staff)))
        flows.add(
            day=day - 1, ms_of_day=57_600_000 + rng.integers(0, 3_600_000), payer=main, payee=account, amount=int(pay.sum()),
            channel="online",
        )  # fmt: skip
        flows.add(
            day=day, ms_of_day=36_000_000 + rng.integers(0, 300_000, len(staff)), payer=account, payee=staff, amount=pay,
            channel="batch", batch="payroll", remark=flows.remarks.code("工资"),
        )  # fmt: skip
    return _alike.label(scene, account, NAME)
