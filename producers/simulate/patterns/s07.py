"""S07: money passes through a securities account to another bank of the holder, and nothing is traded."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.life.securities import transfer
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S07", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Four to eight passages of 50,000 to 400,000, out within three days through an account at another bank."""
    rng = scene.rng
    start = scene.begins(0.6)
    bank, stocks = _conduct.investor(scene)
    other = _conduct.other_bank_account(scene, bank)
    day = _conduct.working(scene, start, int(rng.integers(4, 9)))
    amount = yuan(rng.integers(50, 400, len(day)) * 1000)
    transfer(scene.flows, rng, day, np.full(len(day), bank), np.full(len(day), stocks), amount)
    out = day + rng.integers(1, 4, len(day))
    transfer(scene.flows, rng, out, np.full(len(day), stocks), np.full(len(day), other), amount)
    return _conduct.labels(scene, [stocks], NAME, number, start)
