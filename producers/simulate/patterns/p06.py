"""P06: two companies of one representative sell a 2,800 entry to the over-fifties and return it in parts (filial-piety case)."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers, recruits
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene

NAME, SORT = "P06", SCHEME
_IN: Final = {"": 45, "货款": 15, "转账": 18, "会费": 8, "养老": 2, "合作款": 4}
_OUT: Final = {"": 45, "转账": 22, "返利": 4, "劳务费": 8, "分红": 6}
FEE: Final = 2800
MAY: Final = frozenset({"wordless", "misleading", "trade", "irregular"})


def plant(scene: Scene, number: int) -> list[Label]:
    """60 to 360 payers of one to five entries at the first company; the second pays a part each fortnight."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    hub = organiser(scene, company=True, start=start, industries=("F5179", "I6510", "L7249"))
    other = int(recruits(scene, 1, start, company=True)[0])
    for name in ("legal", "phone", "address"):
        column = getattr(town, name)
        column[other] = column[hub]
    count = int(60 * 6 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count, may=MAY)
    ring.outlet = other
    who = payers(scene, ring.accounts, start, count, elderly=30.0)
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.95)))
    joined = course.joined(scene, who, start, span, unit=FEE, most_units=5, jitter=0.0, again=0.15)
    ring.pay_in(joined, _IN)
    part = Deposits(joined.payer, joined.day, np.rint(joined.amount / FEE) * FEE)
    ring.pay_out(course.payouts(scene, part, monthly=float(rng.choice([0.08, 0.1, 0.12])), every=15, turns=20, late=0.1), _OUT)
    ring.spend(joined, float(rng.uniform(0.2, 0.5)))
    return ring.labels()
