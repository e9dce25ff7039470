"""L09: a busy investor's bank account: large sums to his own securities account and back, almost daily."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.institutions import of_kind
from producers.simulate.life.securities import trade, transfer
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L09", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """20 to 60 passages of 20,000 to 600,000 in trading hours; both accounts are his, and he trades."""
    rng = scene.rng
    account = _alike.person(scene, least=30, most=70)
    stocks = scene.town.add_for(rng, account, institution=of_kind("securities")[0], account_type="securities_cash")
    count = int(rng.integers(20, 61))
    day = np.sort(scene.town.calendar.draw(rng, count, "work"))
    amount = yuan(rng.integers(20, 600, count) * 1000)
    transfer(scene.flows, rng, day, np.full(count, account), np.full(count, stocks), amount)
    trade(scene.flows, rng, day, np.full(count, stocks), amount, buy=True)
    trade(scene.flows, rng, day + 1, np.full(count, stocks), amount, buy=False)
    transfer(scene.flows, rng, day + 2, np.full(count, stocks), np.full(count, account), amount)
    return [*_alike.label(scene, account, NAME), *_alike.label(scene, stocks, NAME)]
