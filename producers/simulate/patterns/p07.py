"""P07: a mutual-aid society takes savings of hundreds of households, pays with new money and collapses (Xiangshui case)."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P07", SCHEME
_IN: Final = {"": 45, "股金": 10, "入股": 6, "转账": 20, "存款": 8, "合作款": 6, "化肥款": 5}
_OUT: Final = {"": 45, "本息": 8, "分红": 10, "转账": 25, "还款": 7, "粮款": 5}
COLLAPSES: Final = 0.4


def plant(scene: Scene, number: int) -> list[Label]:
    """One society of 80 to 400 households over most of the time; principal comes back after one to three payouts.

    Four in ten run out of new payers within the time: payouts come late and then stop.
    """
    rng, town = scene.rng, scene.town
    start = scene.begins(0.2)
    hub = organiser(scene, company=True, start=start, industries=("A0190", "L7249", "F5179"))
    count = int(80 * 5 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count)
    who = payers(scene, ring.accounts, start, count)
    unit, most = int(rng.choice([1000, 2000, 5000])), int(rng.integers(10, 40))
    span = max(14, int(town.days * rng.uniform(0.58, 0.8)))
    peak = ring.collapses(span, COLLAPSES)
    jitter = ring.jitter(float(rng.uniform(0.05, 0.2)))
    deposits = course.joined(scene, who, start, span, unit=unit, most_units=most, jitter=jitter, peak=peak)
    deposits = course.until(deposits, ring.end)
    ring.pay_in(deposits, _IN)
    monthly, every = float(rng.choice([0.006, 0.008, 0.01])), int(rng.choice([15, 30])) if peak is None else 15
    turns = int(rng.integers(1, 4))
    ring.pay_out(course.payouts(scene, deposits, monthly=monthly, every=every, turns=turns, late=0.2, end=ring.end), _OUT)
    ring.spend(deposits, float(rng.uniform(0.2, 0.5)))
    return ring.labels()
