"""L15: the head of a class, a club or a group purchase collects small sums and pays the supplier the same day."""

from __future__ import annotations

from producers.simulate.flows import yuan
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L15", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """30 to 200 neighbours, 5 to 120 yuan a week; refunds of what was sold out."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=25, most=60)
    group = _alike.some(scene, people.persons, int(30 * 6 ** rng.uniform(0, 1)), without=account)
    supplier = int(rng.choice(people.companies))
    for day in range(int(rng.integers(0, 6)), days, 7):
        here = group[rng.random(len(group)) < 0.6]
        price = rng.choice([9.9, 12.8, 19.9, 25, 29.9, 39.9, 59, 88, 118], len(here))
        _alike.move(scene, day, here, account, price, {"": 5, "团购": 4, "班费": 1, "水果": 2})
        scene.flows.add(
            day=day,
            ms_of_day=79_000_000,
            payer=account,
            payee=supplier,
            amount=yuan(price.sum() * 0.88),
            remark=scene.flows.remarks.code("货款"),
        )
        back = rng.random(len(here)) < 0.04
        _alike.move(scene, day + 1, account, here[back], price[back], {"退款": 4, "": 1})
    return _alike.label(scene, account, NAME)
