"""L18: dividends, retirement pay and subsidies through a paying agent."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import PUBLIC_BODY

NAME, SORT = "L18", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """100 to 1,000 payees by batch once a month or quarter, from a public body."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=PUBLIC_BODY, licence="public_body", account_type="settlement", industry="S9410")
    payees = _alike.some(scene, people.persons, int(100 * 10 ** rng.uniform(0, 1)))
    amount = rng.choice([200, 350, 500, 800, 1200], len(payees)) * rng.choice([1.0, 1.5], len(payees))
    every, batch = (30, "subsidy") if rng.random() < 0.6 else (90, "dividend")
    for day in range(int(rng.integers(3, 20)), days, every):
        _alike.move(scene, day - 1, people.treasury, account, amount.sum(), {"拨款": 1}, channel="online")
        _alike.move(scene, day, account, payees, amount, {"补贴": 5, "低保": 2, "分红": 1, "": 1}, channel="batch", batch=batch)
    return _alike.label(scene, account, NAME)
