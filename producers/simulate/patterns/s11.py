"""S11: a "private fund" that collects small tickets on an ordinary company account."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "S11", SCHEME
_IN: Final = {"": 35, "私募": 3, "私募基金": 4, "基金认购": 8, "认购款": 8, "投资款": 12, "转账": 20}
_OUT: Final = {"": 40, "收益": 10, "分红": 8, "基金赎回": 5, "转账": 20}
MAY: Final = frozenset({"jittered", "irregular", "wordless", "misleading", "elsewhere", "ownaccount"})
COLLAPSES: Final = 0.2


def plant(scene: Scene, number: int) -> list[Label]:
    """60 to 260 investors of 10,000 to 300,000 each, where the law wants a million; returns each fortnight or month."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.35)
    hub = organiser(scene, company=True, start=start, industries=("L7249",))
    count = int(60 * 4.3 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count, may=MAY)
    who = payers(scene, ring.accounts, start, count, elderly=4.0, outside=0.15)
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.95)))
    peak = ring.collapses(span, COLLAPSES)
    paid = course.joined(scene, who, start, span, unit=10_000, most_units=30, jitter=ring.jitter(0.05), peak=peak)
    paid = course.until(paid, ring.end)
    ring.pay_in(paid, _IN)
    every = int(rng.choice([15, 30, 30]))
    ring.pay_out(
        course.payouts(
            scene, paid, monthly=float(rng.choice([0.008, 0.01, 0.012])), every=every, turns=6, late=0.1, end=ring.end
        ),
        _OUT,
    )
    ring.spend(paid, float(rng.uniform(0.3, 0.6)))
    return ring.labels()
