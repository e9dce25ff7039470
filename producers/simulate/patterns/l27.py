"""L27: a branch secretary or treasurer collects dues on a personal account and hands them in."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L27", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """15 to 80 members, 5 to 60 yuan each month; the sum goes to the public body."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=30, most=60)
    members = _alike.some(scene, people.persons, int(rng.integers(15, 81)), without=account)
    due = rng.integers(5, 60, len(members)).astype(np.float64)
    for day in range(int(rng.integers(1, 15)), days, 30):
        _alike.move(scene, day + rng.integers(0, 5, len(members)), members, account, due, {"党费": 6, "工会费": 2, "": 2})
        _alike.move(scene, day + 6, account, people.treasury, due.sum(), {"党费": 1})
    return _alike.label(scene, account, NAME)
