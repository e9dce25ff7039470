"""L03: a school or training firm takes a few fees at the beginning of each term."""

from __future__ import annotations

import numpy as np

from producers.simulate.days import season
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L03", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """Two to six fees of 600 to 12,000; parents pay once a term, wages and costs go out, an odd refund."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="P8391")
    parents = _alike.some(scene, people.parents, int(60 * 10 ** rng.uniform(0, 1)))
    fees = rng.choice([600, 980, 1280, 1800, 2400, 3600, 5800, 9800, 12_000], int(rng.integers(2, 7)), replace=False)
    fee = rng.choice(fees, len(parents)).astype(np.float64)
    first = season(scene.town.start, days, 2, 20)
    start = int(rng.integers(0, days // 2)) if first is None else first
    day = start + rng.integers(0, 15, len(parents))
    _alike.move(scene, day, parents, account, fee, {"学费": 6, "培训费": 3, "": 3, "住宿费": 1})
    back = rng.random(len(parents)) < 0.03
    _alike.move(scene, day[back] + 9, account, parents[back], fee[back], {"退款": 3, "退学费": 1}, channel="online")
    _alike.wages(scene, account, _alike.some(scene, people.employed, int(rng.integers(6, 40))))
    _alike.costs(scene, account, float(fee.sum()) * 0.3, words={"房租": 3, "教材款": 3, "": 3})
    return _alike.label(scene, account, NAME)
