"""I10: a large premium in cash, and a claim that is paid to a third party."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._organise import recruits
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I10", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Two or three premiums of 60,000 to 200,000 over the counter; a claim of 50,000 and more goes to a stranger."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.5)
    _bank, account = _conduct.policyholders(scene, 1)
    other = int(recruits(scene, 1, start)[0])
    count = int(rng.integers(2, 4))
    due = yuan(rng.integers(6, 20, count) * 10_000)
    day = start + np.arange(count) * 5
    policy = town.policies.add(day, "life", due, due)
    _conduct.premiums(scene, day, NOBODY, int(account[0]), due, policy, "self")
    claim = yuan(np.array([rng.integers(50, 150) * 1000]))
    _conduct.paid_out(scene, np.array([start + 30]), int(account[0]), other, claim, policy[0], "claim", "other")
    return _conduct.labels(scene, account, NAME, number, start)
