"""I03: large policies are surrendered within the days of hesitation."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I03", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Two or three policies of 300,000 to 900,000 each, given back in full within fifteen days."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.6)
    bank, account = _conduct.policyholders(scene, 1)
    count = int(rng.integers(2, 4))
    amount = yuan(rng.integers(30, 90, count) * 10_000)
    day = start + np.arange(count)
    policy = town.policies.add(day, "annuity", amount, amount)
    _conduct.premiums(scene, day, int(bank[0]), int(account[0]), amount, policy, "self")
    _conduct.paid_out(scene, day + rng.integers(5, 9, count), int(account[0]), int(bank[0]), amount, policy, "surrender")
    return _conduct.labels(scene, account, NAME, number, start)
