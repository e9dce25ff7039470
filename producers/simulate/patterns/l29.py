"""L29: a firm borrows from its own staff and pays them interest: not the public."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L29", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """20 to 150 lenders, 95 in 100 of them paid wages by it; interest each month, principal to who leaves."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="C2669")
    staff = _alike.some(scene, people.employed, int(25 * 6 ** rng.uniform(0, 1)))
    for one in staff.tolist():
        scene.town.employer[one] = scene.town.customer[account]
    _alike.wages(scene, account, staff, low=3000, high=9000)
    lenders = staff[: max(10, len(staff) * 8 // 10)]
    lenders = np.append(lenders, _alike.some(scene, people.persons, max(1, len(lenders) // 25)))
    lent, day = rng.integers(2, 20, len(lenders)) * 5000, rng.integers(0, max(1, days // 3), len(lenders))
    _alike.move(scene, day, lenders, account, lent, {"入股": 3, "借款": 4, "": 4, "股金": 1})
    for month in range(1, 12):
        _alike.move(scene, day + 30 * month, account, lenders, lent * 0.007, {"利息": 4, "分红": 2, "": 3}, channel="online")
    _alike.costs(scene, account, float(lent.sum()) * 0.8, words={"材料款": 4, "货款": 4, "": 1}, every=5)
    return _alike.label(scene, account, NAME)
