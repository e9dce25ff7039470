"""L13: a labour contractor gets a round sum from the builder and pays his workers from his own account."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L13", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """10 to 200 workers, uneven pay, at irregular times around the seasons; nobody pays in but the builder."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=30, most=60)
    builder = int(rng.choice(people.companies))
    workers = _alike.some(
        scene, people.persons[(people.age >= 20) & (people.age <= 60)], int(10 * 20 ** rng.uniform(0, 1)), without=account
    )
    for day in np.unique(rng.integers(3, days - 3, int(rng.integers(2, 6)))).tolist():
        here = workers[rng.random(len(workers)) < 0.85]
        pay = rng.normal(4200, 1500, len(here)).clip(300).round(rng.choice([-1, 0]))
        _alike.move(
            scene,
            day,
            builder,
            account,
            np.ceil(pay.sum() * 1.08 / 1000) * 1000,
            {"工程款": 5, "劳务费": 3, "": 2},
            channel="online",
        )
        _alike.move(scene, day + rng.integers(0, 4, len(here)), account, here, pay, {"工资": 5, "": 4, "生活费": 1})
    return _alike.label(scene, account, NAME)
