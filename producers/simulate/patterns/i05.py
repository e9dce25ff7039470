"""I05: a policy is surrendered within the year and the money goes to somebody else."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._organise import recruits
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I05", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """One or two policies of 80,000 to 400,000, surrendered after 20 to 60 days to a person who never paid a premium."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.3)
    bank, account = _conduct.policyholders(scene, 1)
    other = int(recruits(scene, 1, start)[0])
    count = int(rng.integers(1, 3))
    amount = yuan(rng.integers(8, 40, count) * 10_000)
    day = start + np.arange(count)
    policy = town.policies.add(day, "universal", amount, amount)
    _conduct.premiums(scene, day, int(bank[0]), int(account[0]), amount, policy, "self")
    back = day + rng.integers(20, 61, count)
    _conduct.paid_out(scene, back, int(account[0]), other, np.rint(amount * 0.9).astype(np.int64), policy, "surrender", "other")
    return _conduct.labels(scene, account, NAME, number, start)
