"""L12: a landlord's tenants pay monthly; who leaves gets the deposit back once."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L12", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """5 to 60 tenants, rents of 500 to 4,500 with a deposit of one or two months."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=35, most=75)
    tenants = _alike.some(scene, people.persons, int(5 * 12 ** rng.uniform(0, 1)), without=account)
    rent = rng.integers(5, 45, len(tenants)) * 100
    came = rng.integers(-200, days - 20, len(tenants))
    deposit = rent * rng.integers(1, 3, len(tenants))
    _alike.move(scene, came, tenants, account, deposit, {"押金": 6, "": 3})
    for month in range(12):
        _alike.move(
            scene, came + 30 * month + rng.integers(0, 4, len(tenants)), tenants, account, rent, {"房租": 6, "": 4, "租金": 1}
        )
    left = rng.random(len(tenants)) < 0.2
    _alike.move(scene, rng.integers(10, days, int(left.sum())), account, tenants[left], deposit[left], {"退押金": 5, "": 2})
    _alike.costs(scene, account, float(rent.sum()) * 0.2, words={"维修": 3, "物业费": 2, "": 3}, every=20)
    return _alike.label(scene, account, NAME)
