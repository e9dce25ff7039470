"""L14: a wedding or a child's entrance to university: gifts in round sums within three days, never again."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L14", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """60 to 300 guests of 200 to 2,000; banquet and household are paid."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=40, most=65)
    guests = np.concatenate(
        [
            _alike.some(scene, people.persons, int(50 * 5 ** rng.uniform(0, 1)), without=account),
            _alike.some(scene, people.outsiders, 12),
        ]
    )
    gift = rng.choice([200, 300, 500, 600, 800, 1000, 2000], len(guests), p=[0.25, 0.12, 0.28, 0.1, 0.08, 0.14, 0.03])
    day = int(rng.integers(2, days - 6))
    _alike.move(
        scene,
        day + rng.integers(0, 3, len(guests)),
        guests,
        account,
        gift,
        {"份子钱": 4, "": 5, "新婚快乐": 2, "恭喜": 2, "红包": 2},
    )
    _alike.move(
        scene,
        np.array([day + 3, day + 4]),
        account,
        rng.choice(people.shops, 2),
        gift.sum() * rng.uniform(0.2, 0.4, 2),
        {"酒席": 3, "婚庆": 1, "": 1},
    )
    return _alike.label(scene, account, NAME)
