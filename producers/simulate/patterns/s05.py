"""S05: a securities account is opened, trades for millions, and is closed within a month."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.life.securities import trade, transfer
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S05", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Two to five million within ten working days; the account lives for 18 to 28 days."""
    rng, town = scene.rng, scene.town
    start = int(rng.integers(0, max(1, town.days - 30)))
    bank, stocks = _conduct.investor(scene, opened_days_ago=-start)
    life = int(rng.integers(18, 29))
    town.closed[stocks] = town.first_day + start + life
    amount = yuan(np.array([rng.integers(20, 50) * 100_000]))
    transfer(scene.flows, rng, np.array([start + 1]), np.array([bank]), np.array([stocks]), amount)
    for place, day in enumerate(_conduct.working(scene, start + 2, 8).tolist()):
        trade(scene.flows, rng, np.full(3, day), np.full(3, stocks), np.full(3, amount[0] // 3), buy=place % 2 == 0)
    transfer(scene.flows, rng, np.array([start + life - 2]), np.array([stocks]), np.array([bank]), amount)
    return _conduct.labels(scene, [stocks], NAME, number, start)
