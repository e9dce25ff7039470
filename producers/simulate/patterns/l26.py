"""L26: a company pays back what its staff spent on travel and entertainment."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L26", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """15 to 120 of its staff, several times a month; all of them get wages from it."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="C3670")
    staff = _alike.some(scene, people.employed, int(15 * 8 ** rng.uniform(0, 1)))
    _alike.wages(scene, account, staff, low=3500, high=12_000)
    claims = np.repeat(staff, rng.poisson(0.05 * days, len(staff)))
    _alike.move(
        scene,
        scene.town.calendar.draw(rng, len(claims), "work"),
        account,
        claims,
        rng.lognormal(6.4, 0.9, len(claims)).round(2),
        {"报销": 7, "差旅费": 3, "": 1},
        channel="online",
    )
    income = np.arange(2, days, 6)
    _alike.move(
        scene,
        income,
        rng.choice(people.companies, len(income)),
        account,
        rng.lognormal(11.2, 0.5, len(income)),
        {"货款": 5, "": 2},
        channel="online",
    )
    return _alike.label(scene, account, NAME)
