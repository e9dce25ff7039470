"""S03: a securities account that has not traded for years takes and gives large sums day after day."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.life.securities import transfer
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S03", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Three transfers in or out on each of at least three working days, 600,000 and more in all, and no trade."""
    rng = scene.rng
    start = scene.begins(0.7)
    bank, stocks = _conduct.investor(scene, opened_days_ago=int(rng.integers(500, 2500)))
    day = np.repeat(_conduct.working(scene, start, int(rng.integers(3, 7))), 3)
    into = np.tile([True, True, False], len(day) // 3)
    amount = yuan(rng.integers(60, 300, len(day)) * 1000)
    transfer(scene.flows, rng, day, np.where(into, bank, stocks), np.where(into, stocks, bank), amount)
    return _conduct.labels(scene, [stocks], NAME, number, start)
