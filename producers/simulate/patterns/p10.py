"""P10: points of sale at night and cash deposits just below the reporting line, day after day."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import NOBODY, yuan
from producers.simulate.life.shopping import TERMINALS
from producers.simulate.patterns import CONDUCT, Label
from producers.simulate.patterns._organise import payers, recruits
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P10", CONDUCT
NIGHTS: Final = (15, 40)
PAYMENTS: Final = (6, 16)
LOWEST_YUAN: Final = 45_000
HIGHEST_YUAN: Final = 49_900
_HOUR: Final = 3_600_000


def plant(scene: Scene, number: int) -> list[Label]:
    """A shopkeeper with three terminals: tickets of 3,000 to 20,000 between midnight and six, three or four deposits a day."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.5)
    shop = int(rng.choice(scene.people.shops))
    ring = Ring(scene, NAME, number, hub=shop, start=start, may=frozenset())
    nights = np.sort(rng.choice(np.arange(start, town.days), min(int(rng.integers(*NIGHTS)), town.days - start), replace=False))
    day = np.repeat(nights, rng.integers(3, 9, len(nights)))
    count, buyers = len(day), payers(scene, [shop], start, 150, elderly=1.0)
    scene.flows.add(
        day=day, ms_of_day=rng.integers(0, 6 * _HOUR, count), payer=rng.choice(buyers, count),
        payee=shop, amount=yuan(rng.integers(3, 20, count) * 1000), kind="card", channel="pos",
        terminal=shop * TERMINALS + 50 + rng.integers(0, 3, count),
    )  # fmt: skip
    days = rng.choice(np.arange(start, town.days - 6), 2)
    for first in days.tolist():
        every = np.repeat(first + np.arange(int(rng.integers(3, 7))), rng.integers(3, 5))
        scene.flows.add(
            day=every, ms_of_day=rng.integers(9 * _HOUR, 17 * _HOUR, len(every)), payer=NOBODY, payee=shop, kind="cash",
            amount=yuan(rng.integers(LOWEST_YUAN // 100, HIGHEST_YUAN // 100 + 1, len(every)) * 100), channel="counter",
        )  # fmt: skip
    out = int(rng.integers(*PAYMENTS))
    scene.flows.add(
        day=rng.choice(nights, out), ms_of_day=rng.integers(9 * _HOUR, 12 * _HOUR, out), payer=shop,
        payee=recruits(scene, 1, start)[0], amount=yuan(rng.integers(20, 49, out) * 1000),
    )  # fmt: skip
    return [one for one in ring.labels() if one.account == shop]
