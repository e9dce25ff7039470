"""I11: claims and surrenders just below the reporting line are paid to one holder day after day."""

from __future__ import annotations

from producers.simulate.flows import yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I11", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Four to six payments of 410,000 to 495,000 on consecutive working days."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.7)
    bank, account = _conduct.policyholders(scene, 1, company=True)
    day = _conduct.working(scene, start, int(rng.integers(4, 7)))
    amount = yuan(rng.integers(410, 496, len(day)) * 1000)
    policy = town.policies.add(start - 500, "group", amount, amount)
    _conduct.paid_out(scene, day, int(account[0]), int(bank[0]), amount, policy, "surrender" if rng.random() < 0.5 else "claim")
    return _conduct.labels(scene, account, NAME, number, start)
