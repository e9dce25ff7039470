"""S09: fund shares are moved from one custodian to another again and again."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, daytime
from producers.simulate.patterns import CONDUCT, Label, _conduct
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S09", CONDUCT


def plant(scene: Scene, number: int) -> list[Label]:
    """Four to ten custody transfers of one fund within a month, without price or reason."""
    rng = scene.rng
    start = scene.begins(0.6)
    _bank, stocks = _conduct.investor(scene)
    count = int(rng.integers(4, 11))
    day = start + np.sort(rng.integers(0, 25, count))
    out = np.arange(count) % 2 == 0
    quantity = rng.integers(10, 90, count) * 1000
    scene.flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=np.where(out, stocks, NOBODY), payee=np.where(out, NOBODY, stocks),
        amount=quantity * 100, kind="other", channel="online", instrument=160_000 + int(rng.integers(0, 99)), quantity=quantity,
        remark=scene.flows.remarks.code("转托管"),
    )  # fmt: skip
    return _conduct.labels(scene, [stocks], NAME, number, start)
