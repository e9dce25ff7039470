"""L17: a village's joint-stock cooperative pays its members once or twice from a tenant's rent."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L17", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """60 to 600 members, equal shares by household; nobody ever paid in."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="A0190")
    members = _alike.some(scene, people.persons, int(60 * 10 ** rng.uniform(0, 1)))
    share = rng.integers(1, 7, len(members)) * round(float(rng.uniform(180, 900)), 2)
    tenant = int(rng.choice(people.companies))
    for day in (int(rng.integers(3, days // 2)), int(rng.integers(days // 2, days - 2)))[: int(rng.integers(1, 3))]:
        _alike.move(
            scene, day - 2, tenant, account, np.ceil(share.sum()), {"土地租金": 3, "土地流转": 2, "": 1}, channel="online"
        )
        _alike.move(scene, day, account, members, share, {"分红": 5, "土地流转": 3, "": 2}, channel="online")
    _alike.costs(scene, account, 30_000, words={"服务费": 3, "": 2}, every=20)
    return _alike.label(scene, account, NAME)
