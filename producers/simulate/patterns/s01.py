"""S01: cash just below the reporting line, several times a day, on a securities firm's account."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, daytime, yuan
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S01", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Three or four deposits of 42,000 to 49,900 on each of some working days, and withdrawals of the same size later."""
    rng = scene.rng
    start = scene.begins(0.6)
    _bank, stocks = _conduct.investor(scene)
    for first, taken in ((start, False), (start + 12, True)):
        day = np.repeat(_conduct.working(scene, first, int(rng.integers(3, 6))), int(rng.integers(3, 5)))
        scene.flows.add(
            day=day, ms_of_day=daytime(rng, len(day)), payer=stocks if taken else NOBODY, payee=NOBODY if taken else stocks,
            amount=yuan(rng.integers(420, 500, len(day)) * 100), kind="cash", channel="counter",
        )  # fmt: skip
    return _conduct.labels(scene, [stocks], NAME, number, start)
