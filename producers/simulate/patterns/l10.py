"""L10: the collection account of a licensed fund: round sums in, redemptions with a gain out to those who paid."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import FINANCIAL

NAME, SORT = "L10", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """80 to 600 investors of 1,000 to 100,000; half redeem after weeks; the rest goes to the custodian."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=FINANCIAL, licence="fund", account_type="fund_collection", industry="J6720")
    who = _alike.some(scene, people.persons, int(80 * 7.5 ** rng.uniform(0, 1)))
    amount = rng.integers(1, 20, len(who)) * rng.choice([1000, 5000], len(who))
    day = scene.town.calendar.draw(rng, len(who), "work")
    _alike.move(scene, day, who, account, amount, {"基金申购": 5, "认购": 3, "": 4, "理财": 2})
    out = rng.random(len(who)) < 0.5
    _alike.move(
        scene,
        day[out] + rng.integers(7, 60, int(out.sum())),
        account,
        who[out],
        amount[out] * rng.uniform(0.98, 1.04, int(out.sum())),
        {"赎回": 5, "基金赎回": 4, "分红": 1},
        channel="batch",
    )
    _alike.move(
        scene,
        np.arange(3, days, 7),
        account,
        people.fund,
        amount.sum() * 0.5 / max(1, len(range(3, days, 7))),
        {"": 1},
        channel="online",
    )
    return _alike.label(scene, account, NAME)
