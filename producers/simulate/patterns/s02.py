"""S02: large sums go from a securities account to somebody else, and hardly anything was traded."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.life.securities import trade, transfer
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._organise import recruits
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S02", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Own money comes in, 1 to 5 % of it is traded, and 400,000 to 900,000 at a time go to another person's bank account."""
    rng = scene.rng
    start = scene.begins(0.5)
    bank, stocks = _conduct.investor(scene)
    other = int(recruits(scene, 1, start)[0])
    day = start + np.sort(rng.integers(0, 20, int(rng.integers(2, 5))))
    amount = yuan(rng.integers(40, 90, len(day)) * 10_000)
    transfer(scene.flows, rng, day, np.full(len(day), bank), np.full(len(day), stocks), amount)
    trade(scene.flows, rng, day[:1] + 1, np.full(1, stocks), amount[:1] // 30, buy=True)
    scene.flows.add(
        day=day + 3, ms_of_day=daytime(rng, len(day)), payer=stocks, payee=other, amount=amount, channel="online",
    )  # fmt: skip
    return _conduct.labels(scene, [stocks], NAME, number, start)
