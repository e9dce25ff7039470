"""L21: a gym, barber or kindergarten sells cards in advance at a few prices."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L21", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """60 to 500 customers, discrete prices of 300 to 6,000, a few refunds; rent, wages and equipment go out."""
    people, rng = scene.people, scene.rng
    account = _alike.account_of(scene, kind=COMPANY, industry="R8930")
    who = _alike.some(scene, people.persons, int(60 * 8 ** rng.uniform(0, 1)))
    price = rng.choice(rng.choice([300, 500, 998, 1000, 1680, 2000, 2980, 3980, 5000, 5980], 4, replace=False), len(who)).astype(
        np.float64
    )
    day = scene.town.calendar.draw(rng, len(who), "shopping")
    _alike.move(scene, day, who, account, price, {"会员卡": 4, "充值": 4, "": 5, "会费": 2, "年卡": 2})
    back = rng.random(len(who)) < 0.02
    _alike.move(scene, day[back] + 12, account, who[back], price[back], {"退款": 1}, channel="online")
    _alike.wages(scene, account, _alike.some(scene, people.employed, int(rng.integers(4, 25))))
    _alike.costs(scene, account, float(price.sum()) * 0.4, words={"房租": 3, "器材款": 2, "": 2})
    return _alike.label(scene, account, NAME)
