"""L31: a public resource exchange takes bid bonds of firms and gives them back exactly."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import PUBLIC_BODY

NAME, SORT = "L31", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """40 to 250 bonds of 10,000 to 800,000, nine in ten returned within weeks."""
    people, rng = scene.people, scene.rng
    account = _alike.account_of(scene, kind=PUBLIC_BODY, licence="public_body", account_type="escrow", industry="S9410")
    bidders = rng.choice(np.concatenate([people.companies, people.firms_outside]), int(40 * 6 ** rng.uniform(0, 1)))
    bond = rng.choice([10_000, 20_000, 50_000, 100_000, 200_000, 800_000], len(bidders), p=[0.25, 0.25, 0.25, 0.15, 0.08, 0.02])
    day = scene.town.calendar.draw(rng, len(bidders), "work")
    _alike.move(scene, day, bidders, account, bond, {"投标保证金": 6, "保证金": 3, "": 1}, channel="online")
    back = rng.random(len(bidders)) < 0.9
    _alike.move(
        scene,
        day[back] + rng.integers(10, 35, int(back.sum())),
        account,
        bidders[back],
        bond[back],
        {"退保证金": 5, "退款": 2},
        channel="online",
    )
    return _alike.label(scene, account, NAME)
