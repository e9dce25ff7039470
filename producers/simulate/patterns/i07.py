"""I07: an agent pays the premiums of many holders from his own account."""

from __future__ import annotations

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I07", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Four to twelve holders within a month, premiums of 5,000 to 60,000, and nobody says where the money is from."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.6)
    _banks, accounts = _conduct.policyholders(scene, int(rng.integers(4, 13)))
    agent, _none = _conduct.policyholders(scene, 1)
    count = len(accounts)
    due = yuan(rng.integers(5, 60, count) * 1000)
    day = start + rng.integers(0, 25, count)
    policy = town.policies.add(day, "annuity", due, due)
    _conduct.premiums(scene, day, int(agent[0]), accounts, due, policy, "agent", agent=town.customer[int(agent[0])] + 1)
    return _conduct.labels(scene, accounts, NAME, number, start)
