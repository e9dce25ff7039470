"""S04: a securities account idle for more than a year suddenly trades for millions within days."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.life.securities import trade, transfer
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S04", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Two to six million come in and are bought and sold several times within ten working days."""
    rng = scene.rng
    start = scene.begins(0.7)
    bank, stocks = _conduct.investor(scene, opened_days_ago=int(rng.integers(500, 2500)))
    amount = yuan(np.array([rng.integers(20, 60) * 100_000]))
    transfer(scene.flows, rng, np.array([start]), np.array([bank]), np.array([stocks]), amount)
    days = _conduct.working(scene, start + 1, int(rng.integers(6, 10)))
    for place, day in enumerate(days.tolist()):
        trade(scene.flows, rng, np.full(3, day), np.full(3, stocks), np.full(3, amount[0] // 3), buy=place % 2 == 0)
    return _conduct.labels(scene, [stocks], NAME, number, start)
