"""I06: far more is paid than is due, and the surplus is asked back at once."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I06", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Two to four times a premium is overpaid twofold to fivefold; the surplus is back within days."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.5)
    bank, account = _conduct.policyholders(scene, 1)
    count = int(rng.integers(2, 5))
    due = yuan(rng.integers(2, 20, count) * 1000)
    paid = np.rint(due * rng.uniform(2.0, 5.0, count)).astype(np.int64)
    day = start + np.arange(count) * 7
    policy = town.policies.add(start - 400, "life", due[:1], due[:1] * 5)
    _conduct.premiums(scene, day, int(bank[0]), int(account[0]), paid, policy[0], "self")
    _conduct.paid_out(scene, day + rng.integers(1, 6, count), int(account[0]), int(bank[0]), paid - due, policy[0], "other")
    return _conduct.labels(scene, account, NAME, number, start)
