"""P14: somebody whom an office has found before collects again, and the money ends with those found with him."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers, recruits
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P14", SCHEME
_IN: Final = {"": 45, "转账": 20, "投资款": 8, "入股": 6, "借款": 8, "项目款": 4}
_OUT: Final = {"": 50, "利息": 8, "转账": 25, "分红": 6, "还款": 6}
COLLAPSES: Final = 0.2


def plant(scene: Scene, number: int) -> list[Label]:
    """30 to 150 payers; a third of the money goes to two persons of the watch list, who do not collect themselves."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    hub = organiser(scene, company=False, start=start)
    count = int(30 * 5 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count)
    found = recruits(scene, 2, start, fresh=0.0)
    scene.people.found.extend(found.tolist())
    who = payers(scene, [*ring.accounts, *found.tolist()], start, count)
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.95)))
    unit = int(rng.choice([1000, 5000]))
    peak = ring.collapses(span, COLLAPSES)
    paid = course.joined(scene, who, start, span, unit=unit, most_units=20, jitter=ring.jitter(0.15), peak=peak)
    paid = course.until(paid, ring.end)
    ring.pay_in(paid, _IN)
    ring.pay_out(
        course.payouts(scene, paid, monthly=float(rng.choice([0.015, 0.02])), every=15, turns=6, late=0.15, end=ring.end), _OUT
    )
    parts = int(rng.integers(5, 12))
    scene.flows.add(
        day=rng.integers(start + 4, max(start + 5, town.days), parts), ms_of_day=daytime(rng, parts), payer=hub,
        payee=rng.choice(found, parts), amount=yuan((rng.dirichlet(np.ones(parts)) * paid.amount.sum() / 3).round(-2) + 500),
        remark=scene.flows.remarks.draw(rng, {"": 5, "转账": 3, "还款": 2}, parts),
    )  # fmt: skip
    ring.spend(paid, float(rng.uniform(0.1, 0.25)))
    return ring.labels()
