"""L05: a stall or small shop takes payments by code on its owner's personal account."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L05", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """50 to 120 tickets a day, not round, median below 40 yuan, regular customers; supplies and household go out."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene)
    count = int(rng.integers(50, 121)) * days
    regulars = _alike.some(scene, people.persons, 250, without=account)
    payer = np.where(rng.random(count) < 0.6, rng.choice(regulars, count), rng.choice(people.payment, count))
    price = np.clip(rng.lognormal(3.1, 0.7, count), 1, 400)
    day = scene.town.calendar.draw(rng, count, "shopping")
    _alike.move(scene, day, payer, account, price, {"扫码支付": 6, "": 4, "二维码收款": 2}, channel="third_party")
    late = rng.random(days) < 0.5
    extra = np.repeat(np.flatnonzero(late), 2)
    scene.flows.add(
        day=extra, ms_of_day=rng.integers(0, 7_200_000, len(extra)), payer=rng.choice(regulars, len(extra)), payee=account,
        amount=yuan(rng.lognormal(3.3, 0.6, len(extra))), channel="third_party", remark=scene.flows.remarks.code("扫码支付"),
    )  # fmt: skip
    supplier = rng.choice(people.companies, 2)
    buys = np.arange(1, days, 2)
    _alike.move(
        scene, buys, account, rng.choice(supplier, len(buys)), price.sum() * 0.6 / len(buys), {"货款": 6, "进货": 2, "": 2}
    )
    return _alike.label(scene, account, NAME)
