"""I09: a stranger pays a large premium."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._organise import recruits
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I09", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Two to four premiums of 60,000 to 300,000 from a person who is neither family nor employer."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.7)
    _bank, account = _conduct.policyholders(scene, 1)
    stranger = int(recruits(scene, 1, start)[0])
    count = int(rng.integers(2, 5))
    due = yuan(rng.integers(6, 30, count) * 10_000)
    day = start + np.arange(count) * 6
    policy = town.policies.add(day, "annuity", due, due)
    _conduct.premiums(scene, day, stranger, int(account[0]), due, policy, "other")
    return _conduct.labels(scene, account, NAME, number, start)
