"""I01: policies of many holders are paid from one account and surrendered to it within days of each other."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I01", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """10 to 24 holders, one agent, premiums of 20,000 to 60,000; all surrendered within a week to one account or two."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    _banks, accounts = _conduct.policyholders(scene, int(rng.integers(10, 25)))
    common, _none = _conduct.policyholders(scene, 2)
    count, agent = len(accounts), town.customer[int(common[0])] + 1
    amount = yuan(rng.integers(20, 60, count) * 1000)
    day = start + rng.integers(0, 10, count)
    policy = town.policies.add(day, "universal", amount, amount)
    _conduct.premiums(scene, day, int(common[0]), accounts, amount, policy, "other", agent=agent)
    back = start + int(rng.integers(20, 35)) + rng.integers(0, 6, count)
    _conduct.paid_out(
        scene, back, accounts, rng.choice(common, count), np.rint(amount * 0.97).astype(np.int64), policy, "surrender", "other"
    )
    return _conduct.labels(scene, accounts, NAME, number, start)
