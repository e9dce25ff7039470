"""P09: an early scheme, no payouts yet: 18 to 40 payers within ten working days, one unit price."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P09", SCHEME
_IN: Final = {"": 35, "投资款": 15, "认购": 10, "入股": 10, "转账": 20, "项目款": 10}
TEN_WORKING_DAYS: Final = 14
MAY: Final = frozenset({"jittered", "wordless", "misleading", "trade", "cash"})


def plant(scene: Scene, number: int) -> list[Label]:
    """One early scheme of a person or a company; what happens after the first fortnight is not simulated."""
    rng, town = scene.rng, scene.town
    start = int(rng.integers(0, max(1, town.days - TEN_WORKING_DAYS - 2)))
    count = int(rng.integers(18, 41))
    ring = Ring(scene, NAME, number, company=bool(rng.random() < 0.5), start=start, payers=count, may=MAY)
    who = payers(scene, ring.accounts, start, count)
    unit, jitter = int(rng.choice([5000, 10000, 10000, 20000])), ring.jitter(float(rng.uniform(0, 0.1)))
    span = int(rng.integers(8, TEN_WORKING_DAYS))
    deposits = course.joined(scene, who, start, span, unit=unit, most_units=4, jitter=jitter, again=0.0)
    ring.pay_in(deposits, _IN)
    ring.spend(deposits, float(rng.uniform(0.0, 0.3)))
    return ring.labels()
