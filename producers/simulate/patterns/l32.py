"""L32: a hospital, a canteen or a campus card: thousands of small tickets to a public institution."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.life.shopping import TERMINALS
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import PUBLIC_BODY

NAME, SORT = "L32", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """20 to 120 tickets a day by card and app; suppliers and wages go out, an odd refund."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=PUBLIC_BODY, licence="public_body", industry="Q8411")
    count = int(rng.integers(20, 121)) * days
    price = np.clip(rng.lognormal(3.4, 1.1, count), 2, 8000)
    day, payer = scene.town.calendar.draw(rng, count, "home"), rng.choice(people.persons, count)
    scene.flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=payer, payee=account, amount=yuan(price), kind="card", channel="pos",
        terminal=account * TERMINALS + 1 + rng.integers(0, 8, count),
    )  # fmt: skip
    back = rng.random(count) < 0.01
    _alike.move(scene, day[back] + 2, account, payer[back], price[back], {"退款": 1}, channel="online")
    _alike.wages(scene, account, _alike.some(scene, people.employed, int(rng.integers(15, 80))), low=4000, high=12_000)
    _alike.costs(scene, account, float(price.sum()) * 0.4, words={"药品款": 4, "货款": 3, "": 2}, every=4)
    return _alike.label(scene, account, NAME)
