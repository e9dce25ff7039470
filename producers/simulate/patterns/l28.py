"""L28: an online seller: a payment institution settles every day, suppliers and couriers are paid."""

from __future__ import annotations

import numpy as np

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import SOLE_TRADER

NAME, SORT = "L28", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """Daily settlements that are not round, returns through the institution, buyers from everywhere."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=SOLE_TRADER, industry="F5292")
    app = int(rng.choice(people.payment))
    sums = rng.lognormal(8.5, 0.5, days)
    _alike.move(scene, np.arange(days), app, account, sums, {"商户结算": 1}, channel="batch")
    back = np.flatnonzero(rng.random(days) < 0.4)
    _alike.move(
        scene, back, account, app, sums[back] * rng.uniform(0.01, 0.08, len(back)), {"退款": 1}, channel="batch", batch="refund"
    )
    buyers = np.concatenate([_alike.some(scene, people.outsiders, 80), _alike.some(scene, people.persons, 20)])
    _alike.move(
        scene, rng.integers(0, days, len(buyers)), buyers, account, rng.lognormal(5.0, 0.9, len(buyers)), {"货款": 5, "": 4}
    )
    _alike.costs(scene, account, float(sums.sum()) * 0.75, words={"货款": 6, "快递费": 2, "": 2}, every=3)
    return _alike.label(scene, account, NAME)
