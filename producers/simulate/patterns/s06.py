"""S06: two customers trade one contract with each other at made prices, until the money of one is the other's."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, yuan
from producers.simulate.life.securities import transfer
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S06", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Four to nine rounds: one buys dear what the other sells, and sells it back cheap minutes later; the winner withdraws."""
    rng = scene.rng
    start = scene.begins(0.6)
    (bank, loser), (other, winner) = _conduct.investor(scene), _conduct.investor(scene)
    stake = yuan(np.array([rng.integers(30, 90) * 10_000]))
    for own, stocks in ((bank, loser), (other, winner)):
        transfer(scene.flows, rng, np.array([start]), np.array([own]), np.array([stocks]), stake)
    contract, moved = int(rng.integers(100_100, 100_200)), 0
    for day in _conduct.working(scene, start + 1, int(rng.integers(4, 10))).tolist():
        dear, quantity = int(rng.integers(2000, 5000)), int(rng.integers(20, 60)) * 10
        cheap = int(dear * rng.uniform(0.85, 0.95))
        moved += quantity * (dear - cheap)
        _round(scene, day, loser, winner, contract, quantity, dear)
        _round(scene, day, winner, loser, contract, quantity, cheap)
    transfer(scene.flows, rng, np.array([start + 20]), np.array([winner]), np.array([other]), stake + moved)
    return _conduct.labels(scene, [loser, winner], NAME, number, start)


def _round(scene: Scene, day: int, buyer: int, seller: int, contract: int, quantity: int, price: int) -> None:
    """Purchase and sale of one quantity at one price (fen) within a second."""
    at = 40_000_000 + int(scene.rng.integers(0, 9_000_000))
    for payer, payee in ((buyer, NOBODY), (NOBODY, seller)):
        scene.flows.add(
            day=day, ms_of_day=at + int(scene.rng.integers(0, 900)), payer=payer, payee=payee, amount=quantity * price,
            kind="securities_trade", channel="online", instrument=contract, quantity=quantity,
        )  # fmt: skip
