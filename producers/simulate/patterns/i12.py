"""I12: a single premium is lent back at once and leaves."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._organise import recruits
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I12", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """A policy of 300,000 to 900,000; a loan of 0.8 to 0.95 of its value within 30 days, passed on the next day."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.5)
    bank, account = _conduct.policyholders(scene, 1)
    other = int(recruits(scene, 1, start)[0])
    amount = yuan(np.array([rng.integers(30, 90) * 10_000]))
    policy = town.policies.add(start, "universal", amount, amount)
    _conduct.premiums(scene, np.array([start]), int(bank[0]), int(account[0]), amount, policy, "self")
    loan = np.rint(amount * rng.uniform(0.8, 0.95)).astype(np.int64)
    day = np.array([start + int(rng.integers(5, 29))])
    _conduct.paid_out(scene, day, int(account[0]), int(bank[0]), loan, policy, "policy_loan")
    scene.flows.add(day=day + 1, ms_of_day=daytime(rng, 1), payer=int(bank[0]), payee=other, amount=loan)
    return _conduct.labels(scene, account, NAME, number, start)
