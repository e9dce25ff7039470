"""I13: an insurance agent sells policies that do not exist, to his own account, and pays "returns" on them."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "I13", SCHEME
_IN: Final = {"": 35, "保费": 22, "保单": 8, "转账": 15, "保险": 8, "理财": 4}
_OUT: Final = {"": 40, "收益": 14, "分红": 8, "转账": 20, "返还": 4}
MAY: Final = frozenset({"jittered", "irregular", "wordless", "elsewhere", "ownaccount", "rotating"})


def plant(scene: Scene, number: int) -> list[Label]:
    """20 to 120 customers, most of them elderly, who pay 5,000 to 150,000; returns each month."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    count = int(20 * 6 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, start=start, payers=count, may=MAY)
    who = payers(scene, ring.accounts, start, count, elderly=12.0)
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.95)))
    paid = course.joined(scene, who, start, span, unit=5000, most_units=30, jitter=ring.jitter(0.1))
    ring.pay_in(paid, _IN)
    ring.pay_out(course.payouts(scene, paid, monthly=float(rng.choice([0.005, 0.008, 0.01])), every=30, turns=12, late=0.1), _OUT)
    ring.spend(paid, float(rng.uniform(0.3, 0.6)))
    return ring.labels()
