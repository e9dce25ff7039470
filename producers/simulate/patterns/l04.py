"""L04: a supermarket: cards at its terminals, settlement of payment institutions, cash from the tills."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, daytime, yuan
from producers.simulate.life.shopping import TERMINALS
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L04", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """20 to 120 card tickets a day with a median below 60 yuan; suppliers, wages and rent go out."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="F5212")
    count = int(rng.integers(20, 121)) * days
    terminals = account * TERMINALS + 1 + rng.integers(0, int(rng.integers(3, 9)), count)
    price = np.clip(rng.lognormal(3.9, 0.9, count), 2, 3000)
    scene.flows.add(
        day=scene.town.calendar.draw(rng, count, "shopping"), ms_of_day=daytime(rng, count),
        payer=rng.choice(people.persons, count), payee=account, amount=yuan(price), kind="card", channel="pos", terminal=terminals,
    )  # fmt: skip
    settled = np.repeat(np.arange(days), 2)
    _alike.move(
        scene,
        settled,
        np.tile(people.payment, days),
        account,
        rng.lognormal(8.6, 0.4, 2 * days),
        {"商户结算": 1},
        channel="batch",
    )
    tills = np.arange(1, days, 3)
    _alike.move(
        scene, tills, NOBODY, account, np.round(rng.lognormal(8.8, 0.4, len(tills)), -2), {"": 1}, channel="counter", kind="cash"
    )
    total = float(price.sum() + 2 * days * 5500)
    _alike.wages(scene, account, _alike.some(scene, people.employed, int(rng.integers(8, 50))))
    _alike.costs(scene, account, total * 0.8, words={"货款": 8, "": 2, "房租": 1}, every=2)
    return _alike.label(scene, account, NAME)
