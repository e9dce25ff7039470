"""L07: a crowd pays for one person's illness through a platform, within a month."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L07", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """The platform and kin pay 3 to 40 sums; more than 0.6 goes to the hospital; nobody gets anything back."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=20, most=75)
    start = int(rng.integers(0, max(1, days - 45)))
    count = int(rng.integers(3, 12))
    from_platform = rng.lognormal(8.6, 0.8, count)
    _alike.move(
        scene,
        start + rng.integers(0, 28, count),
        int(rng.choice(people.payment)),
        account,
        from_platform,
        {"众筹": 3, "大病救助": 2, "": 2},
        channel="third_party",
    )
    kin = _alike.some(scene, people.persons, int(rng.integers(15, 120)), without=account)
    gift = rng.choice([50, 100, 200, 500, 1000, 2000], len(kin), p=[0.15, 0.25, 0.25, 0.2, 0.1, 0.05])
    _alike.move(scene, start + rng.integers(0, 20, len(kin)), kin, account, gift, {"早日康复": 3, "": 5, "捐款": 2})
    total = float(from_platform.sum() + gift.sum())
    parts = int(rng.integers(2, 6))
    _alike.move(
        scene,
        start + 6 + rng.integers(0, 30, parts),
        account,
        people.hospital,
        rng.dirichlet(np.ones(parts)) * total * rng.uniform(0.65, 0.95),
        {"住院费": 4, "医药费": 3},
    )
    return _alike.label(scene, account, NAME)
