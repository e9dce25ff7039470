"""L16: grain buyers: a loan or a trader's money in, hundreds of farmers paid within weeks."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L16", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """100 to 600 farmers, 1,500 to 40,000 yuan by weight, part of it in cash; the mill pays afterwards."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="F5112")
    farmers = _alike.some(scene, np.unique(np.concatenate([people.farmers, people.persons])), int(100 * 6 ** rng.uniform(0, 1)))
    pay = np.round(rng.uniform(0.6, 15, len(farmers)) * 1000 * rng.normal(2.45, 0.05, len(farmers)), 1)
    start, span = int(rng.integers(2, days // 2)), int(rng.integers(15, 40))
    day = start + rng.integers(0, span, len(farmers))
    parts = int(rng.integers(2, 6))
    _alike.move(
        scene,
        np.linspace(start - 2, start + span - 6, parts).astype(np.int64),
        int(rng.choice(people.companies)),
        account,
        np.ceil(pay.sum() / parts / 10_000) * 10_000,
        {"货款": 3, "预付粮款": 3, "": 2},
        channel="online",
    )
    _alike.move(scene, day, account, farmers, pay, {"粮款": 7, "": 3}, channel="online")
    takes = np.arange(start, min(days, start + span), 4)
    _alike.move(scene, takes, account, NOBODY, rng.integers(10, 45, len(takes)) * 1000, {"": 1}, channel="counter", kind="cash")
    return _alike.label(scene, account, NAME)
