"""L06: a charity with the certificate for public fund-raising and a filed account."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L06", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """Hundreds of donors of 10 to 5,000 yuan from everywhere; beneficiaries and hospitals are paid, nobody gets anything back."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, licence="charity", industry="Q8422")
    donors = np.concatenate(
        [_alike.some(scene, people.persons, int(150 * 6 ** rng.uniform(0, 1))), _alike.some(scene, people.outsiders, 150)]
    )
    gift = rng.choice([10, 20, 50, 100, 200, 500, 1000, 5000], len(donors), p=[0.12, 0.13, 0.2, 0.25, 0.15, 0.1, 0.04, 0.01])
    start = int(rng.integers(0, days // 3))
    day = np.minimum(start + rng.exponential(15, len(donors)).astype(np.int64), days - 1)
    _alike.move(scene, day, donors, account, gift, {"捐款": 6, "爱心捐款": 3, "": 4, "众筹": 0.5})
    needy = _alike.some(scene, people.persons, 25, without=donors)
    _alike.move(
        scene,
        start + rng.integers(8, 60, len(needy)),
        account,
        needy,
        gift.sum() * 0.7 / len(needy),
        {"救助款": 5, "助学金": 2},
        channel="online",
    )
    return _alike.label(scene, account, NAME)
